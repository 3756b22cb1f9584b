package actors

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"chatnode/actors/wire"
)

// fakeBus is an engine in memory: the log, the subscriber and the presence store. Faults are asked
// for by its fields. It is the tests' own, so it may use a lock.
type fakeBus struct {
	mu       sync.Mutex
	epoch    string
	logs     map[string][]Entry
	keys     map[string]Receipt
	subs     map[string]bool
	sink     func(Event)
	present  map[string]map[string]string // room → user → role
	drop     func(Delivered) bool         // deliveries that get lost
	fail     error                        // what Append returns, having stored nothing
	failLate bool                         // Append stores, and then fails
	at       int64
	appends  int
}

func newFakeBus() *fakeBus {
	return &fakeBus{epoch: "e1", logs: map[string][]Entry{}, keys: map[string]Receipt{}, subs: map[string]bool{}, present: map[string]map[string]string{}}
}

var errFake = errors.New("link down")

func (b *fakeBus) Append(_ context.Context, batch []Write) ([]Receipt, error) {
	b.mu.Lock()
	if b.fail != nil {
		defer b.mu.Unlock()
		return nil, b.fail
	}
	b.appends++
	var out []Delivered
	receipts := make([]Receipt, len(batch))
	for i, w := range batch {
		var d *Delivered
		receipts[i], d = b.one(w)
		if d != nil && b.subs[w.Room] && (b.drop == nil || !b.drop(*d)) {
			out = append(out, *d)
		}
	}
	sink, late := b.sink, b.failLate
	b.mu.Unlock()
	for _, d := range out {
		sink(&d)
	}
	if late {
		return nil, errFake
	}
	return receipts, nil
}

func (b *fakeBus) Deliver() {}

func (b *fakeBus) one(w Write) (Receipt, *Delivered) {
	key := w.Room + "\x00" + w.Key
	if r, ok := b.keys[key]; ok {
		r.Duplicate = true
		return r, nil
	}
	b.at++
	log := b.logs[w.Room]
	e := Entry{Seq: uint64(len(log)) + 1, Kind: w.Kind, ID: w.ID, UserID: w.UserID}
	switch w.Kind {
	case KindMessage:
		e.Message = wire.Message{ID: w.ID, UserID: w.Author.ID, UserName: w.Author.Name, Text: w.Text, At: b.at}
	case KindEdit, KindDelete:
		i := slices.IndexFunc(log, func(o Entry) bool { return o.Kind == KindMessage && o.ID == w.Target })
		if i < 0 {
			return Receipt{Refused: RefusedNotFound}, nil
		}
		if log[i].Message.UserID != w.Author.ID && !w.Author.Admin {
			return Receipt{Refused: RefusedForbidden}, nil
		}
		e.Message = log[i].Message
		e.Message.Text, e.Message.EditedAt = w.Text, b.at
		if w.Kind == KindDelete {
			e.Message = wire.Message{ID: w.Target}
		}
	case KindBulkDelete:
		for _, o := range log {
			if o.Kind == KindMessage && o.Message.UserID == w.UserID {
				e.Count++
			}
		}
	}
	r := newRing(1 << 20)
	r.entries = log
	r.add(e)
	b.logs[w.Room] = r.entries
	receipt := Receipt{Epoch: b.epoch, Seq: e.Seq, ID: e.ID, Target: w.Target, At: b.at}
	b.keys[key] = receipt
	return receipt, &Delivered{Room: w.Room, Epoch: b.epoch, Entry: e}
}

func (b *fakeBus) Signal(_ context.Context, batch []Signal) error {
	b.mu.Lock()
	sink, err := b.sink, b.fail
	b.mu.Unlock()
	if err != nil {
		return err
	}
	for _, s := range batch {
		sink(s)
	}
	return nil
}

func (b *fakeBus) Open(_ context.Context, sink func(Event)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sink = sink
	return nil
}

func (b *fakeBus) Subscribe(_ context.Context, rooms ...string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range rooms {
		b.subs[r] = true
	}
	return nil
}

func (b *fakeBus) Unsubscribe(_ context.Context, rooms ...string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range rooms {
		delete(b.subs, r)
	}
	return nil
}

func (b *fakeBus) Close() error { return nil }

func (b *fakeBus) Beat(context.Context, int) (Cluster, error) { return Cluster{}, b.failure() }
func (b *fakeBus) Remove(context.Context) error               { return nil }

func (b *fakeBus) failure() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.fail
}

func (b *fakeBus) Range(_ context.Context, q Query) (Page, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail != nil {
		return Page{}, b.fail
	}
	return pageOf(b.epoch, b.logs[q.Room], q), nil
}

// pageOf is the model of Range on a log that keeps everything.
func pageOf(epoch string, log []Entry, q Query) Page {
	p := Page{Epoch: epoch, First: 1}
	if n := len(log); n > 0 {
		p.Seq = log[n-1].Seq
	}
	var in []Entry
	for _, e := range log {
		if e.Seq > q.After && !(q.Newest && e.unknown()) && (q.Before == 0 || e.Seq < q.Before) {
			in = append(in, e)
		}
	}
	if p.More = len(in) > q.Limit; p.More && q.Newest {
		in = in[len(in)-q.Limit:]
	} else if p.More {
		in = in[:q.Limit]
	}
	p.Entries = slices.Clone(in)
	return p
}

func (b *fakeBus) Apply(_ context.Context, changes []PresenceChange) ([]wire.Counts, error) {
	if err := b.failure(); err != nil {
		return nil, err
	}
	b.mu.Lock()
	counts := make([]wire.Counts, len(changes))
	for i, c := range changes {
		users := b.present[c.Room]
		if users == nil {
			users = map[string]string{}
			b.present[c.Room] = users
		}
		for _, p := range c.Gone {
			if users[p.UserID] == p.Role {
				delete(users, p.UserID)
			}
		}
		for _, p := range c.Here {
			users[p.UserID] = p.Role
		}
		for _, role := range users {
			switch role {
			case "guest":
				counts[i].Guests++
			case "member":
				counts[i].Members++
			default:
				counts[i].Admins++
			}
		}
	}
	sink := b.sink
	b.mu.Unlock()
	for i, c := range changes {
		if c.Notify && sink != nil {
			sink(Signal{Room: c.Room, Presence: &counts[i]})
		}
	}
	return counts, nil
}

func (b *fakeBus) Roster(_ context.Context, room, _ string, _ int) ([]wire.User, string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var users []wire.User
	for _, id := range slices.Sorted(maps.Keys(b.present[room])) {
		users = append(users, wire.User{ID: id, Role: b.present[room][id]})
	}
	return users, "", nil
}
