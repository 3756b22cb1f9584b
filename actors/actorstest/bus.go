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

// FakeBus implements the ports Appender, Subscriber, Reader, PresenceStore and Registry in memory. Drop and SetErr
// cause faults. Its fields may be used while no actor runs; Mu guards them otherwise.
type FakeBus struct {
	Mu      sync.Mutex
	Epoch   string
	Logs    map[string][]chat.Entry // by room
	keys    map[string]chat.Receipt // by room and idempotency key
	Subs    map[string]bool         // subscribed rooms
	Sink    func(chat.Event)
	Present map[string]map[string]string // room → user → role
	Drop    func(chat.Delivered) bool    // reports whether a delivery is lost; may be nil
	err     error                        // error of all calls; nil: none
	clock   int64
}

// NewFakeBus returns an empty bus with the epoch "e1".
func NewFakeBus() *FakeBus {
	return &FakeBus{Epoch: "e1", Logs: map[string][]chat.Entry{}, keys: map[string]chat.Receipt{}, Subs: map[string]bool{}, Present: map[string]map[string]string{}}
}

// Append implements chat.Appender. It delivers the stored entries to the sink before it returns.
func (b *FakeBus) Append(_ context.Context, batch []chat.Write) ([]chat.Receipt, error) {
	b.Mu.Lock()
	if b.err != nil {
		defer b.Mu.Unlock()
		return nil, b.err
	}
	var out []chat.Delivered
	receipts := make([]chat.Receipt, len(batch))
	for i, w := range batch {
		var d *chat.Delivered
		receipts[i], d = b.appendOne(w)
		if d != nil && b.Subs[w.Room] && (b.Drop == nil || !b.Drop(*d)) {
			out = append(out, *d)
		}
	}
	sink := b.Sink
	b.Mu.Unlock()
	for _, d := range out {
		sink(&d)
	}
	return receipts, nil
}

// FlushDeliveries implements chat.Appender. It has no effect, because Append has delivered already.
func (b *FakeBus) FlushDeliveries() {}

// appendOne stores w. The delivery is nil if the write is refused or a duplicate.
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

// PublishSignals implements chat.Appender. It delivers the signals to the sink before it returns.
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

// Open implements chat.Subscriber.
func (b *FakeBus) Open(_ context.Context, sink func(chat.Event)) error {
	b.Mu.Lock()
	defer b.Mu.Unlock()
	b.Sink = sink
	return nil
}

// Subscribe implements chat.Subscriber.
func (b *FakeBus) Subscribe(_ context.Context, rooms ...string) error {
	b.Mu.Lock()
	defer b.Mu.Unlock()
	for _, r := range rooms {
		b.Subs[r] = true
	}
	return nil
}

// Unsubscribe implements chat.Subscriber.
func (b *FakeBus) Unsubscribe(_ context.Context, rooms ...string) error {
	b.Mu.Lock()
	defer b.Mu.Unlock()
	for _, r := range rooms {
		delete(b.Subs, r)
	}
	return nil
}

// Close implements chat.Appender and chat.Subscriber.
func (b *FakeBus) Close() error { return nil }

// Heartbeat implements chat.Registry. The cluster is empty.
func (b *FakeBus) Heartbeat(context.Context, int) (chat.Cluster, error) {
	return chat.Cluster{}, b.currentErr()
}

// Deregister implements chat.Registry.
func (b *FakeBus) Deregister(context.Context) error { return nil }

func (b *FakeBus) currentErr() error {
	b.Mu.Lock()
	defer b.Mu.Unlock()
	return b.err
}

// Range implements chat.Reader.
func (b *FakeBus) Range(_ context.Context, q chat.Query) (chat.Page, error) {
	b.Mu.Lock()
	defer b.Mu.Unlock()
	if b.err != nil {
		return chat.Page{}, b.err
	}
	return PageOf(b.Epoch, b.Logs[q.Room], q), nil
}

// Apply implements chat.PresenceStore. It delivers the counts of rooms to notify to the sink before it returns.
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

// Roster implements chat.PresenceStore. It returns all users in one page.
func (b *FakeBus) Roster(_ context.Context, room, _ string, _ int) ([]wire.User, string, error) {
	b.Mu.Lock()
	defer b.Mu.Unlock()
	var users []wire.User
	for _, id := range slices.Sorted(maps.Keys(b.Present[room])) {
		users = append(users, wire.User{ID: id, Role: b.Present[room][id]})
	}
	return users, "", nil
}

// SetErr lets all calls that return data fail with err; nil ends the fault.
func (b *FakeBus) SetErr(err error) {
	b.Mu.Lock()
	defer b.Mu.Unlock()
	b.err = err
}

// FillLog appends n messages to a room. The hint in each id is the seq before the message.
func (b *FakeBus) FillLog(t testing.TB, room string, n int) {
	t.Helper()
	for range n {
		at := uint64(len(b.Logs[room]))
		if _, err := b.Append(context.Background(), []chat.Write{{Room: room, Kind: chat.EntryMessage, ID: IDAt(at, "a", int(at)), Key: fmt.Sprint(b.Epoch, at)}}); err != nil {
			t.Fatal(err)
		}
	}
}

// IDAt returns an entry id with the given hint.
func IDAt(hint uint64, node string, n int) string {
	return strconv.FormatUint(hint, 36) + "-" + node + strconv.Itoa(n)
}

// ErrFake is the error of all faults that fakes cause.
var ErrFake = errors.New("link down")

// PageOf returns the result of a Range query on a log that contains all its entries.
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
