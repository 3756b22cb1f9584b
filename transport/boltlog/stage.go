package boltlog

import (
	"fmt"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// stagedBatch is the effect of a batch before it is committed. Nothing else has changed so far, so a failed commit
// only discards it.
type stagedBatch struct {
	snapshot *snapshot
	log      *Log
	at       int64 // ms
	rooms    map[string]*roomDelta
	keys     map[idemKey]*record
	records  []*record
	receipts []chat.Receipt

	// Arenas: the records and messages of a batch are moved and freed together.
	deltaArena   []roomDelta
	recordArena  []record
	messageArena []wire.Message
}

// roomDelta is the effect of the batch on one room so far.
type roomDelta struct {
	name       string
	room       *room
	seq        uint64
	live       map[string]*wire.Message // as in room; nil: not needed so far
	storedByID map[string]*record       // records of the room by id; nil: not needed so far
}

// stage determines the effect of the batch. Its rooms stay in memory until it is published or rolled back.
func (l *Log) stage(batch []chat.Write) (*stagedBatch, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := &stagedBatch{snapshot: l.newSnapshot(), log: l, at: l.now(), rooms: map[string]*roomDelta{}, keys: make(map[idemKey]*record, len(batch)), receipts: make([]chat.Receipt, len(batch)), records: make([]*record, 0, len(batch))}
	s.deltaArena, s.recordArena, s.messageArena = make([]roomDelta, 0, len(batch)), make([]record, 0, len(batch)), make([]wire.Message, 0, len(batch))
	defer s.snapshot.close()
	for i := range batch {
		got, err := s.stageWrite(&batch[i])
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

// stageWrite determines the effect of one write.
func (s *stagedBatch) stageWrite(w *chat.Write) (chat.Receipt, error) {
	key := hashKey(w.Room, w.Key)
	d, err := s.deltaOf(w.Room)
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
	r := s.newRecord(record{kind: w.Kind, id: w.ID, at: s.at, room: w.Room, key: key})
	refused, err := s.decide(d, w, r)
	if err != nil || refused != chat.NotRefused {
		return chat.Receipt{Epoch: s.log.epoch, Target: w.Target, Refused: refused}, err
	}
	s.add(d, r)
	return r.receipt(s.log.epoch), nil
}

// newRecord stores r in the arena, which has space for one record per write.
func (s *stagedBatch) newRecord(r record) *record {
	s.recordArena = append(s.recordArena, r)
	return &s.recordArena[len(s.recordArena)-1]
}

// newMessage stores m in the arena, which has space for one message per write.
func (s *stagedBatch) newMessage(m wire.Message) *wire.Message {
	s.messageArena = append(s.messageArena, m)
	return &s.messageArena[len(s.messageArena)-1]
}

// add assigns the next seq to the record.
func (s *stagedBatch) add(d *roomDelta, r *record) {
	d.seq++
	r.seq = d.seq
	if d.live != nil {
		d.updateLive(r)
	}
	s.records = append(s.records, r)
	if r.key != (idemKey{}) {
		s.keys[r.key] = r
	}
}

func (s *stagedBatch) deltaOf(name string) (*roomDelta, error) {
	if d, ok := s.rooms[name]; ok {
		return d, nil
	}
	r, err := s.snapshot.loadRoom(name)
	if err != nil {
		return nil, err
	}
	s.deltaArena = append(s.deltaArena, roomDelta{name: name, room: r, seq: r.seq})
	d := &s.deltaArena[len(s.deltaArena)-1]
	s.rooms[name] = d
	return d, nil
}

// findStored returns the record of an earlier attempt of the write; nil: none.
func (s *stagedBatch) findStored(d *roomDelta, w *chat.Write, key idemKey) (*record, error) {
	if key != (idemKey{}) {
		if r, ok := s.keys[key]; ok {
			return r, nil
		}
		if r, ok := s.log.keys.find(key); ok {
			return r, nil
		}
	}
	if !w.Tried {
		return nil, nil
	}
	if d.storedByID == nil {
		d.storedByID = map[string]*record{}
		err := s.snapshot.forEach(d.room, d.room.first, d.room.seq, func(r *record) error {
			d.storedByID[r.id] = r
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return d.storedByID[w.ID], nil
}

// decide completes the record, or returns the reason for refusing it.
func (s *stagedBatch) decide(d *roomDelta, w *chat.Write, r *record) (chat.Refusal, error) {
	switch w.Kind {
	case chat.EntryMessage:
		r.target = w.ID
		r.msg = s.newMessage(wire.Message{ID: w.ID, UserID: w.Author.ID, UserName: w.Author.Name, UserAvatar: w.Author.Avatar, Text: w.Text, At: s.at})
	case chat.EntryEdit, chat.EntryDelete:
		return s.stageChange(d, w, r)
	case chat.EntryBulkDelete:
		r.userID = w.UserID
		return chat.NotRefused, s.bulkDelete(d, r)
	default:
		return 0, fmt.Errorf("write %s to room %q: invalid kind %d", w.ID, w.Room, w.Kind)
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
	if w.Kind.HasText() {
		edited := *old
		edited.Text, edited.EditedAt = w.Text, s.at
		r.msg = s.newMessage(edited)
	}
	return chat.NotRefused, nil
}

// bulkDelete finds the messages of the record's user.
func (s *stagedBatch) bulkDelete(d *roomDelta, r *record) error {
	seen, live := map[string]bool{}, s.liveMessages(d)
	look := func(rec *record) error {
		if rec.room != "" && rec.room != d.name || !rec.kind.HasText() || seen[rec.target] {
			return nil
		}
		seen[rec.target] = true
		msg, ok := live[rec.target]
		if !ok {
			var err error
			if msg, err = s.snapshot.resolve(d.room, rec); err != nil {
				return err
			}
		}
		if msg != nil && msg.UserID == r.userID {
			r.gone = append(r.gone, rec.target)
		}
		return nil
	}
	if err := s.snapshot.forEach(d.room, d.room.first, d.room.seq, look); err != nil {
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

// liveMessages returns the messages of the room that the batch has changed so far. Most batches do not need them.
func (s *stagedBatch) liveMessages(d *roomDelta) map[string]*wire.Message {
	if d.live == nil {
		d.live = map[string]*wire.Message{}
		for _, r := range s.records {
			if r.room == d.name {
				d.updateLive(r)
			}
		}
	}
	return d.live
}

func (d *roomDelta) updateLive(r *record) { r.forEachMessageID(func(id string) { d.live[id] = r.msg }) }

// currentMessage returns the state of the message after the changes of the batch so far.
func (s *stagedBatch) currentMessage(d *roomDelta, id string) (*wire.Message, error) {
	if msg, ok := s.liveMessages(d)[id]; ok {
		return msg, nil
	}
	return s.snapshot.message(d.room, id)
}
