package bustest

import (
	"fmt"
	"testing"

	"chatnode/actors/chat"
	"pgregory.net/rapid"
)

var propertyRows = []row{{"any history of writes, retries and reads is the model's", likeTheModel}}

// A randomHistory is one random history: two rooms of its own beside the model of each.
type randomHistory struct {
	*rig
	rooms  [2]string
	models map[string]*model
	writes []chat.Write // all that were tried, for repetitions and targets
}

// maxWrites bounds a story, so that retention takes nothing of it.
const maxWrites = minHistory - 10

func likeTheModel(t *testing.T, r *rig) {
	r.listen(t)
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
			"append": s.batch,
			"range":  s.look,
			"settle": func(*rapid.T) { r.settle() },
		})
		s.finish(rt)
	})
}

// batch appends up to eight random writes at once and compares the receipts.
func (s *randomHistory) batch(t *rapid.T) {
	n := rapid.IntRange(1, 8).Draw(t, "writes")
	if len(s.writes)+n > maxWrites {
		s.look(t) // the story is long enough
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
		if got.Refused != chat.NotRefused { // what else a refusal's receipt says is free
			want = chat.Receipt{Epoch: got.Epoch, ID: got.ID, Target: got.Target, At: got.At, Refused: want.Refused}
		}
		equal(t, fmt.Sprintf("receipt of %+v", batch[i]), got, want)
	}
}

// write draws one write; targets are mostly ids of messages of the same room.
func (s *randomHistory) write(t *rapid.T) chat.Write {
	room := rapid.SampledFrom(s.rooms[:]).Draw(t, "room")
	by := rapid.SampledFrom([]chat.Author{alice, alice, bob, admin}).Draw(t, "by")
	target := "unknown"
	if len(s.writes) > 0 {
		old := rapid.SampledFrom(s.writes).Draw(t, "old")
		target = old.ID
		if rapid.IntRange(0, 9).Draw(t, "repeat") == 0 {
			return s.again(old)
		}
	}
	switch rapid.IntRange(0, 9).Draw(t, "kind") {
	case 0, 1:
		return s.edit(room, by, target, rapid.StringMatching(`[a-z]{1,8}`).Draw(t, "text"))
	case 2:
		return s.drop(room, by, target)
	case 3:
		return s.purge(room, rapid.SampledFrom([]string{alice.ID, bob.ID}).Draw(t, "user"))
	default:
		return s.say(room, by, rapid.StringMatching(`[a-z]{1,8}`).Draw(t, "text"))
	}
}

// look reads a random range and compares it.
func (s *randomHistory) look(t *rapid.T) {
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
		want.Epoch = got.Epoch // nothing was written yet
	}
	if len(got.Entries) == 0 {
		got.Entries = nil
	}
	equal(t, fmt.Sprintf("range %+v", q), got, want)
}

// finish compares the whole history, and everything that was heard.
func (s *randomHistory) finish(t testingT) {
	t.Helper()
	for _, room := range s.rooms {
		m := s.models[room]
		s.compare(t, chat.Query{Room: room, Limit: 10 * maxWrites})
		if len(m.heard) > 0 {
			equal(t, "what was heard of "+room, s.heard.entries(t, room, m.heard[len(m.heard)-1].Seq), m.heard)
		}
	}
}
