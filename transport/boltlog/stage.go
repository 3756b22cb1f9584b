package boltlog

import (
	"fmt"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// A stagedBatch is what a batch will do, decided while nothing has changed yet: a commit that fails is
// undone by forgetting it.
type stagedBatch struct {
	view     *snapshot
	log      *Log
	at       int64 // ms
	rooms    map[string]*roomDelta
	keys     map[idemKey]*record
	records  []*record
	receipts []chat.Receipt

	// A batch's records and messages lie side by side: they are moved, and forgotten, together. So do its deltas.
	deltaArena   []roomDelta
	recordArena  []record
	messageArena []wire.Message
}

// A roomDelta is what the batch has done to one room so far.
type roomDelta struct {
	name  string
	room  *room
	seq   uint64
	live  map[string]*wire.Message // as in room, once somebody asked
	tried map[string]*record       // the room's stored records by id, once somebody asked
}

// stage decides the batch. The rooms it writes in stay in memory until it is published or dropped.
func (l *Log) stage(batch []chat.Write) (*stagedBatch, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := &stagedBatch{view: l.view(), log: l, at: l.now(), rooms: map[string]*roomDelta{}, keys: make(map[idemKey]*record, len(batch)), receipts: make([]chat.Receipt, len(batch)), records: make([]*record, 0, len(batch))}
	s.deltaArena, s.recordArena, s.messageArena = make([]roomDelta, 0, len(batch)), make([]record, 0, len(batch)), make([]wire.Message, 0, len(batch))
	defer s.view.close()
	for i := range batch {
		got, err := s.write(&batch[i])
		if err != nil {
			return nil, err
		}
		s.receipts[i] = got
	}
	for _, r := range s.records {
		l.rooms[r.room].staged = true
	}
	return s, nil
}

// write decides one write.
func (s *stagedBatch) write(w *chat.Write) (chat.Receipt, error) {
	key := hashKey(w.Room, w.Key)
	d, err := s.delta(w.Room)
	if err != nil {
		return chat.Receipt{}, err
	}
	first, err := s.findStored(d, w, key)
	if err != nil {
		return chat.Receipt{}, err
	}
	if first != nil {
		got := first.receipt(s.log.epoch)
		got.Duplicate = true
		return got, nil
	}
	r := s.record(record{kind: w.Kind, id: w.ID, at: s.at, room: w.Room, key: key})
	refused, err := s.decide(d, w, r)
	if err != nil || refused != chat.NotRefused {
		return chat.Receipt{Epoch: s.log.epoch, Target: w.Target, Refused: refused}, err
	}
	s.add(d, r)
	return r.receipt(s.log.epoch), nil
}

// record is r in the arena, which has room for one a write.
func (s *stagedBatch) record(r record) *record {
	s.recordArena = append(s.recordArena, r)
	return &s.recordArena[len(s.recordArena)-1]
}

// message is m in the arena, likewise.
func (s *stagedBatch) message(m wire.Message) *wire.Message {
	s.messageArena = append(s.messageArena, m)
	return &s.messageArena[len(s.messageArena)-1]
}

// add gives the record its place.
func (s *stagedBatch) add(d *roomDelta, r *record) {
	d.seq++
	r.seq = d.seq
	if d.live != nil {
		d.touch(r)
	}
	s.records = append(s.records, r)
	if r.key != (idemKey{}) {
		s.keys[r.key] = r
	}
}

func (s *stagedBatch) delta(name string) (*roomDelta, error) {
	if d, ok := s.rooms[name]; ok {
		return d, nil
	}
	r, err := s.view.room(name)
	if err != nil {
		return nil, err
	}
	s.deltaArena = append(s.deltaArena, roomDelta{name: name, room: r, seq: r.seq})
	d := &s.deltaArena[len(s.deltaArena)-1]
	s.rooms[name] = d
	return d, nil
}

// findStored is the record that an earlier try of the write has stored, or nil.
func (s *stagedBatch) findStored(d *roomDelta, w *chat.Write, key idemKey) (*record, error) {
	if key != (idemKey{}) {
		if r, ok := s.keys[key]; ok {
			return r, nil
		}
		if r, ok := s.log.idem.find(key); ok {
			return r, nil
		}
	}
	if !w.Tried {
		return nil, nil
	}
	if d.tried == nil {
		d.tried = map[string]*record{}
		err := s.view.each(d.room, d.room.first, d.room.seq, func(r *record) error {
			d.tried[r.id] = r
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return d.tried[w.ID], nil
}

// decide fills in the record, or says why not.
func (s *stagedBatch) decide(d *roomDelta, w *chat.Write, r *record) (chat.Refusal, error) {
	switch w.Kind {
	case chat.EntryMessage:
		r.target = w.ID
		r.msg = s.message(wire.Message{ID: w.ID, UserID: w.Author.ID, UserName: w.Author.Name, UserAvatar: w.Author.Avatar, Text: w.Text, At: s.at})
	case chat.EntryEdit, chat.EntryDelete:
		return s.stageChange(d, w, r)
	case chat.EntryBulkDelete:
		r.userID = w.UserID
		return chat.NotRefused, s.bulkDelete(d, r)
	default:
		return 0, fmt.Errorf("write %s to room %q: unknown kind %d", w.ID, w.Room, w.Kind)
	}
	return chat.NotRefused, nil
}

// stageChange decides an edit or a deletion.
func (s *stagedBatch) stageChange(d *roomDelta, w *chat.Write, r *record) (chat.Refusal, error) {
	old, err := s.currentMessage(d, w.Target)
	switch {
	case err != nil:
		return 0, err
	case old == nil:
		return chat.RefusedNotFound, nil
	case old.UserID != w.Author.ID && !w.Author.Admin:
		return chat.RefusedForbidden, nil
	}
	r.target = w.Target
	if w.Kind == chat.EntryEdit {
		now := *old
		now.Text, now.EditedAt = w.Text, s.at
		r.msg = s.message(now)
	}
	return chat.NotRefused, nil
}

// bulkDelete finds the messages of the record's user.
func (s *stagedBatch) bulkDelete(d *roomDelta, r *record) error {
	seen, live := map[string]bool{}, s.live(d)
	look := func(rec *record) error {
		if rec.room != "" && rec.room != d.name || rec.target == "" || rec.kind == chat.EntryDelete || seen[rec.target] {
			return nil
		}
		seen[rec.target] = true
		msg, ok := live[rec.target]
		if !ok {
			var err error
			if msg, err = s.view.resolve(d.room, rec); err != nil {
				return err
			}
		}
		if msg != nil && msg.UserID == r.userID {
			r.gone = append(r.gone, rec.target)
		}
		return nil
	}
	if err := s.view.each(d.room, d.room.first, d.room.seq, look); err != nil {
		return err
	}
	for _, rec := range s.records {
		if err := look(rec); err != nil {
			return err
		}
	}
	r.count = len(r.gone)
	return nil
}

// live is how the messages stand that the batch has changed in the room so far. Most batches never ask.
func (s *stagedBatch) live(d *roomDelta) map[string]*wire.Message {
	if d.live == nil {
		d.live = map[string]*wire.Message{}
		for _, r := range s.records {
			if r.room == d.name {
				d.touch(r)
			}
		}
	}
	return d.live
}

func (d *roomDelta) touch(r *record) { r.forEachMessageID(func(id string) { d.live[id] = r.msg }) }

// currentMessage is the message as it stands after what the batch has done so far.
func (s *stagedBatch) currentMessage(d *roomDelta, id string) (*wire.Message, error) {
	if msg, ok := s.live(d)[id]; ok {
		return msg, nil
	}
	return s.view.message(d.room, id)
}
