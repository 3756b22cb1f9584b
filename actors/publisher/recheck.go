package publisher

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/link"
	"chatnode/actors/process"
)

// The way back from an outage. bridge_out first lets the store look whether the log still holds what was
// acknowledged in the last minute (a failover may have lost its tail) and appends what it lost again;
// then the journal sends page after page; when it is empty and nothing has gone to it meanwhile,
// writes go to Redis again.

// Messages of the replay.
type (
	verify struct { // to the store: which of these has the log lost?
		acked   []ackedWrite
		history int // entries that a full log keeps
		reply   *process.Process
	}
	foundWrite struct { // from the journal: the log has this one already
		write   chat.Write
		receipt chat.Receipt
	}
	verified struct {
		lost []chat.Write
		err  error
	}
	replayPage struct { // from the journal: append these, in order
		writes []chat.Write
	}
	replayed struct { // to the journal
		receipts []chat.Receipt
		err      error
	}
	FloorNote struct { // to bridge_out: what a room has shown
		Room  string
		Floor chat.Floor
	}
	Recheck   struct{}               // to bridge_out: a room has seen the log begin anew or go back
	lookDue   struct{}               // to itself: it may have been lost in a room that has no members here
	missedDue struct{}               // to itself: what an edit or a deletion is about may be back
	replayEnd struct{ taken uint64 } // from the journal: empty, having taken so many writes in all
)

func (b *Publisher) replay(self *process.Process) {
	if b.Core.Journal == nil {
		b.Core.Bridge.Post(link.Replayed{})
		return
	}
	b.replaying = true
	b.verify(self)
}

// recheck looks for losses while the link is healthy: a FLUSHALL breaks no connection.
func (b *Publisher) recheck(self *process.Process) {
	if b.mayLook() {
		b.verify(self)
	}
}

// mayLook reports whether there is anything to look for; an outage ends with a look at all of it.
func (b *Publisher) mayLook() bool { return b.Acked.On && !b.journaling }

// lookEvery is how often the log is looked through for what this node remembers, whatever happens: a FLUSHALL
// breaks no connection, and a room without members here does not see it.
const lookEvery = AckedFor / 3

func (b *Publisher) lookDue(self *process.Process) {
	if b.mayLook() && !b.verifying {
		if list := b.Acked.doubtful(time.Now()); len(list) > 0 {
			b.ask(self, list)
		}
	}
	b.look.Again(self, lookEvery, lookDue{})
}

// verify asks the store for all that is remembered, one question at a time.
func (b *Publisher) verify(self *process.Process) {
	if b.verifying {
		b.verifyAgain = true
		return
	}
	b.ask(self, b.Acked.recent(time.Now()))
}

func (b *Publisher) ask(self *process.Process, acked []ackedWrite) {
	b.verifying = true
	b.Core.Store.Post(&verify{acked, b.Core.Set.HistorySize, self})
}

// verified appends again, under the same ids, what the log has lost, and then starts the journal.
func (b *Publisher) verified(self *process.Process, m *verified) {
	b.verifying = false
	if m.err == nil && b.verifyAgain { // what it read may be older than what it was asked about
		b.verifyAgain = false
		b.verify(self)
		return
	}
	replaying := b.replaying
	b.replaying, b.verifyAgain = false, false
	if m.err != nil {
		b.Core.Bridge.Post(link.Failed{Err: m.err})
		return
	}
	if err := b.again(self, m.lost); err != nil {
		b.Core.Bridge.Post(link.Failed{Err: err})
		return
	}
	if replaying {
		b.Core.Journal.Post(link.Replay{})
	}
}

// again appends what the log has lost, page by page.
func (b *Publisher) again(self *process.Process, lost []chat.Write) error {
	refused := false
	for len(lost) > 0 {
		page := lost[:min(len(lost), batchMost)]
		lost = lost[len(page):]
		b.onFloors(page)
		receipts, err := b.store(page)
		if err != nil {
			return err
		}
		b.Core.Bus.Reappended.Add(uint64(len(page)))
		for i := range page {
			if receipts[i].Refused != chat.RefusedNot {
				refused = true
				continue
			}
			b.Acked.replace(page[i].ID, receipts[i])
			b.raise(page[i].Room, chat.Floor{Epoch: receipts[i].Epoch, Seq: receipts[i].Seq})
			b.Core.In.Post(link.ToRoom{Room: page[i].Room, Msg: &Evident{page[i], receipts[i]}})
		}
		b.Port.Deliver()
	}
	if b.misses++; refused {
		b.missed(self)
	} else {
		b.misses = 0
	}
	return nil
}

// missed lets the store look once more, later. What was refused is an edit or a deletion whose message is
// not in the log: somebody has deleted it, or another node has not made good yet that it was lost.
func (b *Publisher) missed(self *process.Process) {
	if b.missing {
		return
	}
	b.missing = true
	self.After(time.Second<<min(b.misses, missedMost), missedDue{})
}

// missedMost looks in a row each double the pause before the next: 16 s at most. What is older than ackedFor
// is looked for no more, so they come to an end.
const missedMost = 4

func (b *Publisher) missedDue(self *process.Process) {
	b.missing = false
	b.recheck(self)
}

// onFloors puts writes on what is known to have been shown since they were made.
func (b *Publisher) onFloors(writes []chat.Write) {
	for i := range writes {
		w := &writes[i]
		if f := b.Floors[w.Room]; f.Epoch != "" && (f.Epoch != w.Floor.Epoch || f.Seq > w.Floor.Seq) {
			w.Floor = f
		}
	}
}

// replayTimeout is how long one page of the journal may take: the log may have to be searched for each
// of its writes.
const replayTimeout = 15 * time.Second

func (b *Publisher) replayPage(self *process.Process, m *replayPage) {
	b.paging = true
	b.onFloors(m.writes)
	receipts, err := b.storeWithin(m.writes, replayTimeout)
	if err != nil {
		b.Core.Bridge.Post(link.Failed{Err: err})
	}
	for i := range receipts {
		b.Acked.add(m.writes[i], receipts[i], time.Now())
		if receipts[i].Refused == chat.RefusedNotFound {
			b.missed(self)
		}
		b.raise(m.writes[i].Room, chat.Floor{Epoch: receipts[i].Epoch, Seq: receipts[i].Seq})
	}
	b.Port.Deliver()
	b.replayed(receipts, err)
}

// replayed answers the journal.
func (b *Publisher) replayed(receipts []chat.Receipt, err error) {
	b.paging = false
	b.Core.Journal.Post(&replayed{receipts, err})
}

// replayEnd is the journal empty. Writes that were passed on to it meanwhile are on their way there.
func (b *Publisher) replayEnd(m replayEnd) {
	if m.taken != b.passed {
		b.Core.Journal.Post(link.Replay{})
		return
	}
	b.journaling = false
	held := b.held
	b.held = nil
	for _, s := range held {
		b.submit(s)
	}
	b.append()
	b.Core.Bridge.Post(link.Replayed{})
}
