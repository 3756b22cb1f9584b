package publisher

import (
	"errors"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/link"
)

// replay begins with the oldest page, or once more if the link was lost while the log was being looked
// through: it may be another log by now.
func (j *Journal) replay() {
	if j.asked != nil {
		j.drop()
	}
	j.next()
}

// drop ends the replay where it is; the next one begins with the same page.
func (j *Journal) drop() { j.page, j.asked, j.index = nil, nil, nil }

// next replays the next page. The log itself looks for those that were tried before, and knows the keys
// of the newest; the others are looked for under the ids that other nodes may have given them.
func (j *Journal) next() {
	if j.page != nil {
		return
	}
	j.keep() // what was taken counts only once it is kept
	page, err := j.Port.Oldest(journalPage)
	switch {
	case err != nil:
		j.Core.Sys.Log.Error().Err(err).Msg("journal read failed")
		j.fail(err)
		return
	case j.remains(page):
		j.page = page[:len(j.spent)]
		j.release(j.spent)
		return
	case len(page) == 0:
		j.drop()
		clear(j.Keys)
		j.Core.Out.Post(replayEnd{j.taken})
		return
	}
	j.page, j.found = page[:j.sameFate(page)], nil
	if unsure := j.unsure(time.Now()); len(unsure) > 0 {
		j.ask(unsure)
		return
	}
	j.send()
}

// doubt notes that the page may be in the log by now: Redis may have let go of its keys before the next try.
func (j *Journal) doubt() {
	for i := range j.page {
		if k := keyOf(&j.page[i]); j.Keys[k].id != "" {
			j.Keys[k] = KeptWrite{id: j.Keys[k].id} // as if it had been kept long ago
		}
	}
}

func (j *Journal) ask(unsure []chat.Write) {
	if j.index == nil {
		j.index = &writeIndex{most: indexMost}
	}
	j.asked = &seek{writes: unsure, index: j.index, reply: j.self}
	j.Core.Store.Post(j.asked)
}

// unsure is those writes of the page that the log may hold although it does not know their keys: what a
// crash left behind, and what was kept so long ago that its client, if it had no answer, may have tried
// it elsewhere, and the key been forgotten since.
func (j *Journal) unsure(now time.Time) (list []chat.Write) {
	for i := range j.page {
		kept, held := j.Keys[keyOf(&j.page[i])]
		if !held || now.Sub(kept.at) > j.Core.Set.IdempotencyWindow/4 {
			list = append(list, j.page[i])
		}
	}
	return list
}

// sameFate is how many writes at the head of a page were all tried before, or all not. The log may take
// those that were tried behind the rest of their batch, so they do not share one with others.
func (j *Journal) sameFate(page []chat.Write) int {
	for i := range page {
		if j.tried(&page[i]) != j.tried(&page[0]) {
			return i
		}
	}
	return len(page)
}

// tried reports whether the log may hold the write: it was tried before it was kept, or its replay is in doubt.
// A doubted one may get there after it was looked for, and Redis let go of its key.
func (j *Journal) tried(w *chat.Write) bool {
	kept, held := j.Keys[keyOf(w)]
	return w.Tried || held && kept.at.IsZero()
}

func (j *Journal) sought(m *sought) {
	if m.seek != j.asked { // of a replay that was given up
		return
	}
	j.asked = nil
	if m.err != nil {
		j.fail(m.err)
		return
	}
	j.found = m.found
	for i := range m.writes {
		if r, ok := m.found[m.writes[i].ID]; ok {
			j.Core.Out.Post(&foundWrite{m.writes[i], r})
		}
	}
	j.send()
}

// send gives the page, without what the log has already, to bridge_out.
func (j *Journal) send() {
	writes := make([]chat.Write, 0, len(j.page))
	for _, w := range j.page {
		if _, there := j.found[w.ID]; !there {
			w.Tried = j.tried(&w)
			writes = append(writes, w)
		}
	}
	if len(writes) == 0 {
		j.replayed(&replayed{})
		return
	}
	j.Core.Out.Post(&replayPage{writes})
}

func (j *Journal) fail(err error) {
	j.drop()
	j.Core.Bridge.Post(link.Failed{Err: err})
}

// replayed is a page that Redis has taken, or has not.
func (j *Journal) replayed(m *replayed) {
	if j.page == nil {
		return
	}
	if m.err != nil { // bridge_out has reported it
		j.doubt()
		j.drop()
		return
	}
	taken := make([]*Evident, len(j.page))
	i := 0
	for n, w := range j.page {
		taken[n] = &Evident{Write: w, Receipt: j.found[w.ID]}
		if taken[n].Receipt.ID == "" {
			taken[n].Receipt = m.receipts[i]
			i++
		}
	}
	j.release(taken)
}

// release lets go of the oldest writes, which the log has taken, and goes on with the next page. Those that
// the disk does not let go of are not replayed again: by then the log may have forgotten them.
func (j *Journal) release(taken []*Evident) {
	if err := j.Port.Drop(len(taken)); err != nil {
		j.Core.Sys.Log.Error().Err(err).Msg("journal trim failed")
		j.spent = taken
		j.fail(errors.Join(errJournal, err))
		return
	}
	j.done(taken)
	j.next()
}

// done tells the rooms what the log has taken.
func (j *Journal) done(taken []*Evident) {
	j.Core.Kept.Replayed.Add(uint64(len(taken)))
	for _, e := range taken {
		j.Core.In.Post(link.ToRoom{Room: e.Write.Room, Msg: e})
	}
	j.page, j.spent = nil, nil
	j.note()
}

// remains reports whether the page begins with what was to be let go of before. If it does not, the disk
// has done so after all.
func (j *Journal) remains(page []chat.Write) bool {
	switch {
	case len(j.spent) == 0:
		return false
	case len(page) > 0 && page[0].ID == j.spent[0].Write.ID:
		return true
	}
	j.done(j.spent)
	return false
}

var errJournal = errors.New("journal")
