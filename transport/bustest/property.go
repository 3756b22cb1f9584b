package bustest

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"chatnode/actors/chat"
)

var propertyRows = []row{{"random histories match the model", matchesModel}}

// randomHistory is one random history of two new rooms, with a model of each room.
type randomHistory struct {
	*rig
	rooms  [2]string
	models map[string]*model
	writes []chat.Write // all writes so far, from which retries and targets are drawn
}

// maxWrites is the maximum number of writes of a history, so that retention does not remove any.
const maxWrites = minHistory - 10

func matchesModel(t *testing.T, r *rig) {
	r.openSubscriber(t)
	cases := 0
	rapid.Check(t, func(rt *rapid.T) {
		cases++
		s := &randomHistory{rig: r, models: map[string]*model{}}
		for i := range s.rooms {
			s.rooms[i] = fmt.Sprintf("case-%d-%d", cases, i)
			s.models[s.rooms[i]] = newModel()
		}
		r.subscribe(rt, s.rooms[:]...)
		rt.Repeat(map[string]func(*rapid.T){
			"append":     s.batch,
			"range":      s.checkRandomRange,
			"background": func(*rapid.T) { r.finishBackground() },
		})
		s.finish(rt)
	})
}

// batch appends up to eight random writes at once and compares the receipts.
func (s *randomHistory) batch(t *rapid.T) {
	n := rapid.IntRange(1, 8).Draw(t, "writes")
	if len(s.writes)+n > maxWrites {
		s.checkRandomRange(t) // no space for more writes
		return
	}
	var batch []chat.Write
	for range n {
		w := s.write(t)
		s.writes = append(s.writes, w)
		batch = append(batch, w)
	}
	for i, got := range s.append(t, batch...) {
		want := s.models[batch[i].Room].apply(batch[i], got.At, got.Epoch)
		if got.Refused != chat.NotRefused { // the other fields of a refused receipt are unspecified
			want = chat.Receipt{Epoch: got.Epoch, ID: got.ID, Target: got.Target, At: got.At, Refused: want.Refused}
		}
		equal(t, fmt.Sprintf("receipt of %+v", batch[i]), got, want)
	}
}

// write draws one write. Targets are mostly ids of earlier writes.
func (s *randomHistory) write(t *rapid.T) chat.Write {
	room := rapid.SampledFrom(s.rooms[:]).Draw(t, "room")
	by := rapid.SampledFrom([]chat.Author{alice, alice, bob, admin}).Draw(t, "by")
	target := "unknown"
	if len(s.writes) > 0 {
		earlier := rapid.SampledFrom(s.writes).Draw(t, "earlier")
		target = earlier.ID
		if rapid.IntRange(0, 9).Draw(t, "retry") == 0 {
			return s.retry(earlier)
		}
	}
	switch rapid.SampledFrom(drawnKinds).Draw(t, "kind") {
	case chat.EntryEdit:
		return s.edit(room, by, target, rapid.StringMatching(`[a-z]{1,8}`).Draw(t, "text"))
	case chat.EntryDelete:
		return s.deletion(room, by, target)
	case chat.EntryBulkDelete:
		return s.bulkDelete(room, rapid.SampledFrom([]string{alice.ID, bob.ID}).Draw(t, "user"))
	case chat.EntryMessage:
	}
	return s.message(room, by, rapid.StringMatching(`[a-z]{1,8}`).Draw(t, "text"))
}

// drawnKinds contains each kind, and those that are drawn more often several times.
var drawnKinds = append(slices.Collect(chat.EntryKinds()), chat.EntryMessage, chat.EntryMessage, chat.EntryMessage,
	chat.EntryMessage, chat.EntryMessage, chat.EntryEdit)

// checkRandomRange compares a random range with the model.
func (s *randomHistory) checkRandomRange(t *rapid.T) {
	q := chat.Query{
		Room:   rapid.SampledFrom(s.rooms[:]).Draw(t, "room"),
		After:  rapid.Uint64Range(0, 40).Draw(t, "after"),
		Before: rapid.Uint64Range(0, 60).Draw(t, "before"),
		Limit:  rapid.IntRange(1, 60).Draw(t, "limit"),
		Newest: rapid.Bool().Draw(t, "newest"),
	}
	s.compare(t, q)
}

func (s *randomHistory) compare(t testingT, q chat.Query) {
	t.Helper()
	got, want := s.page(t, q), s.models[q.Room].page(q)
	if want.Epoch == "" {
		want.Epoch = got.Epoch // no write was stored yet
	}
	if len(got.Entries) == 0 {
		got.Entries = nil
	}
	equal(t, fmt.Sprintf("range %+v", q), got, want)
}

// finish compares the whole history and all received entries with the model.
func (s *randomHistory) finish(t testingT) {
	t.Helper()
	for _, room := range s.rooms {
		m := s.models[room]
		s.compare(t, chat.Query{Room: room, Limit: 10 * maxWrites})
		if n := len(m.delivered); n > 0 {
			equal(t, "received entries of "+room, s.received.entries(t, room, m.delivered[n-1].Seq), m.delivered)
		}
	}
}
