package process

import (
	"cmp"
	"slices"
	"strings"
)

// A Mailbox is how full that of one process is.
type Mailbox struct {
	ID    string // of the process
	Depth int    // messages queued, being handled or held
	Bound int    // that Tell and Wait keep to
}

// A Survey is how full all mailboxes are at a moment.
type Survey struct {
	Loads map[string]Load // by kind, kinds without any process too
	Busy  []Mailbox       // the fullest first
}

// Survey measures the mailboxes of all processes in one walk that disturbs none of them. Busy holds
// every process but the idle sessions, rooms and outboxes, and at most limit of them.
func (s *System) Survey(limit int) Survey {
	all := s.newLoads()
	v := Survey{Loads: all}
	for p := range s.Processes() {
		depth := p.Depth()
		if depth == 0 && p.kind.many { // nearly all of them
			continue
		}
		box := Mailbox{p.ID(), depth, int(p.bound)}
		all.count(p.kind, box)
		v.Busy = append(v.Busy, box)
	}
	slices.SortFunc(v.Busy, Mailbox.compare)
	v.Busy = v.Busy[:min(limit, len(v.Busy)):min(limit, len(v.Busy))]
	return v
}

// Fullness is the depth as a share of the bound; messages that are never refused may take it beyond 1.
func (m Mailbox) Fullness() float64 { return float64(m.Depth) / float64(max(1, m.Bound)) }

func (m Mailbox) compare(o Mailbox) int {
	return cmp.Or(cmp.Compare(o.Fullness(), m.Fullness()), strings.Compare(m.ID, o.ID))
}
