package actorstest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"testing"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// FakeBus is an engine in memory: the log, the subscriber and the presence store. Faults are asked
// for by its fields. It is the tests' own, so it may use a lock.
type FakeBus struct {
	Mu       sync.Mutex
	Epoch    string
	Logs     map[string][]chat.Entry
	keys     map[string]chat.Receipt
	Subs     map[string]bool
	Sink     func(chat.Event)
	Present  map[string]map[string]string // room → user → role
	Drop     func(chat.Delivered) bool    // deliveries that get lost
	err      error                        // what Append returns, having stored nothing
	failLate bool                         // Append stores, and then fails
	clock    int64
	appends  int
}

func NewFakeBus() *FakeBus {
	return &FakeBus{Epoch: "e1", Logs: map[string][]chat.Entry{}, keys: map[string]chat.Receipt{}, Subs: map[string]bool{}, Present: map[string]map[string]string{}}
}

func (b *FakeBus) Append(_ context.Context, batch []chat.Write) ([]chat.Receipt, error) {
	b.Mu.Lock()
	if b.err != nil {
		defer b.Mu.Unlock()
		return nil, b.err
	}
	b.appends++
	var out []chat.Delivered
	receipts := make([]chat.Receipt, len(batch))
	for i, w := range batch {
		var d *chat.Delivered
		receipts[i], d = b.appendOne(w)
		if d != nil && b.Subs[w.Room] && (b.Drop == nil || !b.Drop(*d)) {
			out = append(out, *d)
		}
	}
	sink, late := b.Sink, b.failLate
	b.Mu.Unlock()
	for _, d := range out {
		sink(&d)
	}
	if late {
		return nil, ErrFake
	}
	return receipts, nil
}

func (b *FakeBus) FlushDeliveries() {}

func (b *FakeBus) appendOne(w chat.Write) (chat.Receipt, *chat.Delivered) {
	key := w.Room + "\x00" + w.Key
	if r, ok := b.keys[key]; ok {
		r.Duplicate = true
		return r, nil
	}
	b.clock++
	log := b.Logs[w.Room]
	e := chat.Entry{Seq: uint64(len(log)) + 1, Kind: w.Kind, ID: w.ID, UserID: w.UserID}
	switch w.Kind {
	case chat.EntryMessage:
		e.Message = wire.Message{ID: w.ID, UserID: w.Author.ID, UserName: w.Author.Name, Text: w.Text, At: b.clock}
	case chat.EntryEdit, chat.EntryDelete:
		i := slices.IndexFunc(log, func(o chat.Entry) bool { return o.Kind == chat.EntryMessage && o.ID == w.Target })
		if i < 0 {
			return chat.Receipt{Refused: chat.RefusedNotFound}, nil
		}
		if log[i].Message.UserID != w.Author.ID && !w.Author.Admin {
			return chat.Receipt{Refused: chat.RefusedForbidden}, nil
		}
		e.Message = log[i].Message
		e.Message.Text, e.Message.EditedAt = w.Text, b.clock
		if w.Kind == chat.EntryDelete {
			e.Message = wire.Message{ID: w.Target}
		}
	case chat.EntryBulkDelete:
		for _, o := range log {
			if o.Kind == chat.EntryMessage && o.Message.UserID == w.UserID {
				e.Count++
			}
		}
	}
	chat.Fold(log, &e)
	b.Logs[w.Room] = append(log, e)
	receipt := chat.Receipt{Epoch: b.Epoch, Seq: e.Seq, ID: e.ID, Target: w.Target, At: b.clock}
	b.keys[key] = receipt
	return receipt, &chat.Delivered{Room: w.Room, Epoch: b.Epoch, Entry: e}
}

func (b *FakeBus) PublishSignals(_ context.Context, batch []chat.Signal) error {
	b.Mu.Lock()
	sink, err := b.Sink, b.err
	b.Mu.Unlock()
	if err != nil {
		return err
	}
	for _, s := range batch {
		sink(s)
	}
	return nil
}

func (b *FakeBus) Open(_ context.Context, sink func(chat.Event)) error {
	b.Mu.Lock()
	defer b.Mu.Unlock()
	b.Sink = sink
	return nil
}

func (b *FakeBus) Subscribe(_ context.Context, rooms ...string) error {
	b.Mu.Lock()
	defer b.Mu.Unlock()
	for _, r := range rooms {
		b.Subs[r] = true
	}
	return nil
}

func (b *FakeBus) Unsubscribe(_ context.Context, rooms ...string) error {
	b.Mu.Lock()
	defer b.Mu.Unlock()
	for _, r := range rooms {
		delete(b.Subs, r)
	}
	return nil
}

func (b *FakeBus) Close() error { return nil }

func (b *FakeBus) Heartbeat(context.Context, int) (chat.Cluster, error) {
	return chat.Cluster{}, b.currentErr()
}
func (b *FakeBus) Deregister(context.Context) error { return nil }

func (b *FakeBus) currentErr() error {
	b.Mu.Lock()
	defer b.Mu.Unlock()
	return b.err
}

func (b *FakeBus) Range(_ context.Context, q chat.Query) (chat.Page, error) {
	b.Mu.Lock()
	defer b.Mu.Unlock()
	if b.err != nil {
		return chat.Page{}, b.err
	}
	return PageOf(b.Epoch, b.Logs[q.Room], q), nil
}

func (b *FakeBus) Apply(_ context.Context, changes []chat.PresenceChange) ([]wire.Counts, error) {
	if err := b.currentErr(); err != nil {
		return nil, err
	}
	b.Mu.Lock()
	counts := make([]wire.Counts, len(changes))
	for i, c := range changes {
		users := b.Present[c.Room]
		if users == nil {
			users = map[string]string{}
			b.Present[c.Room] = users
		}
		for _, p := range c.Left {
			if users[p.UserID] == p.Role {
				delete(users, p.UserID)
			}
		}
		for _, p := range c.Present {
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
	sink := b.Sink
	b.Mu.Unlock()
	for i, c := range changes {
		if c.Notify && sink != nil {
			sink(chat.Signal{Room: c.Room, Presence: &counts[i]})
		}
	}
	return counts, nil
}

func (b *FakeBus) Roster(_ context.Context, room, _ string, _ int) ([]wire.User, string, error) {
	b.Mu.Lock()
	defer b.Mu.Unlock()
	var users []wire.User
	for _, id := range slices.Sorted(maps.Keys(b.Present[room])) {
		users = append(users, wire.User{ID: id, Role: b.Present[room][id]})
	}
	return users, "", nil
}

// SetErr lets every call fail from now on; nil: none.
func (b *FakeBus) SetErr(err error) {
	b.Mu.Lock()
	defer b.Mu.Unlock()
	b.err = err
}

// FillLog appends n messages to a room whose ids say that they were written at the position before them.
func (b *FakeBus) FillLog(t testing.TB, room string, n int) {
	t.Helper()
	for range n {
		at := uint64(len(b.Logs[room]))
		if _, err := b.Append(context.Background(), []chat.Write{{Room: room, Kind: chat.EntryMessage, ID: IDAt(at, "a", int(at)), Key: fmt.Sprint(b.Epoch, at)}}); err != nil {
			t.Fatal(err)
		}
	}
}

func IDAt(hint uint64, node string, n int) string {
	return strconv.FormatUint(hint, 36) + "-" + node + strconv.Itoa(n)
}

var ErrFake = errors.New("link down")

// PageOf is the model of Range on a log that keeps everything.
func PageOf(epoch string, log []chat.Entry, q chat.Query) chat.Page {
	p := chat.Page{Epoch: epoch, First: 1}
	if n := len(log); n > 0 {
		p.Seq = log[n-1].Seq
	}
	var in []chat.Entry
	for _, e := range log {
		if e.Seq > q.After && !(q.Newest && e.Missing()) && (q.Before == 0 || e.Seq < q.Before) {
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
