package actors

// An effect is what the shell must do.
type effect struct {
	kind  effectKind
	entry Entry  // show
	query Query  // read
	why   string // resync
}

type effectKind uint8

const (
	effectShow    effectKind = iota + 1 // give the entry to the members
	effectRead                          // read the log and bring the page back
	effectResync                        // tell the members to reload
	effectGap                           // count a hole that was noticed
	effectDouble                        // count a delivery that was shown before
	effectRewound                       // the log has lost entries: those who wrote them must look
	effectCatchUp                       // what is known has been shown: waiting joins may go on
	effectProven                        // a read has come to the log's end: nothing was missed until then
)

// What a resync tells the members.
const (
	whyEpoch = "the room's log has begun anew, or a failover has lost a part of it"
	whyGone  = "the log no longer holds what was missed"
)

// take returns the effects since the last take. The slice is valid until the next take.
func (s *roomState) take() []effect {
	s.effects, s.taken = s.taken[:0], s.effects
	return s.taken
}

func (s *roomState) emit(e effect) { s.effects = append(s.effects, e) }
