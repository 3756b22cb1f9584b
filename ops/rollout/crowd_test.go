package rollout

import (
	"context"
	"fmt"
	"slices"
	"time"

	"chatnode/ops/e2e/client"
)

// room is the room of all clients.
const room = "global"

// crowd is the clients of a test, all behind the load balancer.
type crowd struct {
	*fleet
	readers  []*client.Reader
	writers  []*client.Writer
	presence *presence
	began    time.Time
}

// showing is what the clients of a crowd have seen.
type showing struct {
	acked      int
	rate       float64 // acknowledged messages per second
	storm      int     // maximum of reconnects within one second
	connects   int     // reconnects of all readers
	flaps      []string
	minMembers int // lowest count of members
	frames     int // of presence
}

// gather connects the clients, waits until each reader has received the full counts, and arms the presence. rate is the
// messages per second of all writers.
func (f *fleet) gather(followers, writers, rate int) *crowd {
	f.Helper()
	c := &crowd{fleet: f, presence: newPresence(), began: time.Now()}
	for i := range followers {
		name := fmt.Sprintf("follower-%d", i)
		r := client.Follow(client.ReaderOptions{Name: name, Room: room, Dial: f.dials(name), Observe: func(fr client.Frame) {
			if fr.Type == "presence" {
				c.presence.told(name, fr)
			}
		}})
		f.Cleanup(r.Stop)
		c.readers = append(c.readers, r)
	}
	for i := range writers {
		name := fmt.Sprintf("writer-%d", i)
		interval := time.Second * time.Duration(writers) / time.Duration(rate)
		w := client.Write(client.WriterOptions{Name: name, Room: room, Dial: f.dials(name), Interval: interval})
		f.Cleanup(w.Stop)
		c.writers = append(c.writers, w)
	}
	eventually(f.T, "everybody told of everybody", func() bool { return c.presence.agree(followers, followers+writers) })
	c.presence.arm(followers + writers)
	return c
}

// dials returns the Dials of a user, which all go to the load balancer.
func (f *fleet) dials(user string) func() client.Dial {
	return func() client.Dial { return f.as(user) }
}

func (f *fleet) as(user string) client.Dial {
	return client.Dial{Addr: f.addr, Token: client.Token(tokenSecret, client.Claim{Sub: user, Role: "member", ExpiresIn: time.Hour})}
}

// audit ends the writing, waits until each reader has all entries, and audits them. No reader may have loaded the
// history again.
func (c *crowd) audit() showing {
	c.Helper()
	s := showing{}
	s.frames, s.minMembers, s.flaps = c.presence.seen() // before the clients leave, which changes the counts
	ctx, cancel := context.WithTimeout(c.Context(), waitTimeout)
	defer cancel()
	var t client.Trial
	for _, w := range c.writers {
		if err := w.Finish(ctx); err != nil {
			c.Error(err)
		}
		t.Acked = append(t.Acked, w.Acked()...)
	}
	s.acked, s.rate = len(t.Acked), float64(len(t.Acked))/time.Since(c.began).Seconds()
	var end client.Position
	t.History, end = c.history(ctx)
	t.Epoch = end.Epoch
	var all []time.Time
	for _, r := range c.readers {
		if err := r.Reach(ctx, end); err != nil {
			c.Error(err)
		}
		r.Stop()
		t.Views = append(t.Views, r.View)
		all = append(all, c.check(r)...)
	}
	s.connects, s.storm = len(all), maxPerSecond(all)
	if err := client.Audit(t).Err(); err != nil {
		c.Error(err)
	}
	return s
}

// check returns when a reader reconnected. It must have noticed no failure and loaded the history once.
func (c *crowd) check(r *client.Reader) []time.Time {
	c.Helper()
	for _, failure := range r.Failures() {
		c.Errorf("a client noticed: %s", failure)
	}
	if reloads, _, _ := r.View.Repairs(); reloads != 1 {
		c.Errorf("%d loads of the history, want one at the start: %s", reloads, r.View.Log())
	}
	return r.Connects()[1:]
}

// history returns the messages of the room and its position.
func (c *crowd) history(ctx context.Context) ([]client.Message, client.Position) {
	c.Helper()
	s, err := client.Open(ctx, c.as("writer-0"), nil)
	if err != nil {
		c.Fatalf("connect to read the history: %v", err)
	}
	defer s.Close()
	joined, err := s.Await(ctx, func(f client.Frame) bool { return f.Type == "joined" })
	if err != nil {
		c.Fatal(err)
	}
	messages, err := s.History(ctx, room, 200)
	if err != nil {
		c.Fatal(err)
	}
	return messages, client.Position{Epoch: joined.Epoch, Seq: joined.Seq}
}

// maxPerSecond returns the largest number of moments within one second.
func maxPerSecond(moments []time.Time) int {
	slices.SortFunc(moments, time.Time.Compare)
	most, first := 0, 0
	for i, m := range moments {
		for m.Sub(moments[first]) >= time.Second {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}
