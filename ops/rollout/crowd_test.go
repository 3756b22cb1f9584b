package rollout

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"chatnode/ops/e2e/client"
)

// room is where everybody is.
const room = "global"

// goingAway is the close code of a node that shuts down.
const goingAway = 1001

// A crowd is the clients of a test, all of them behind the load balancer.
type crowd struct {
	*fleet
	followers []*follower
	writers   []*writer
	presence  *presence
	began     time.Time
}

// A showing is what a crowd has been through, once it has been audited.
type showing struct {
	acked    int
	rate     float64 // acknowledged messages a second
	storm    int     // most connections made by followers in any one second, the first ones not counted
	connects int     // of all followers, the first ones not counted
	flaps    []string
	least    int // members told, at the least
	frames   int // of presence
}

// gather connects the clients, waits until every follower has been told that all are here, and arms the presence.
// rate is of all writers together, messages a second.
func (f *fleet) gather(followers, writers, rate int) *crowd {
	f.Helper()
	c := &crowd{fleet: f, presence: newPresence(), began: time.Now()}
	for i := range followers {
		name := fmt.Sprintf("follower-%d", i)
		c.followers = append(c.followers, follow(name, f.as(name), c.presence))
		f.Cleanup(c.followers[i].stop)
	}
	for i := range writers {
		name := fmt.Sprintf("writer-%d", i)
		c.writers = append(c.writers, write(name, f.as(name), time.Second*time.Duration(writers)/time.Duration(rate)))
		f.Cleanup(c.writers[i].stop)
	}
	eventually(f.T, "everybody told of everybody", func() bool { return c.presence.agree(followers, followers+writers) })
	c.presence.arm(followers + writers)
	return c
}

func (f *fleet) as(user string) client.Dial {
	return client.Dial{Addr: f.addr, Token: client.Token(tokenSecret, client.Claim{Sub: user, Role: "member", ExpiresIn: time.Hour})}
}

// audit ends the writing, waits until every follower has seen all of it, and compares: everything
// acknowledged is in the history once, and was shown to everybody once, in one order, without a reload.
func (c *crowd) audit() showing {
	c.Helper()
	s := showing{}
	s.frames, s.least, s.flaps = c.presence.seen() // before the crowd goes home, which is no flap
	var acked []client.Acked
	for _, w := range c.writers {
		w.stop()
		a, refused := w.seen()
		for _, r := range refused {
			c.Errorf("refused: %s", r)
		}
		acked = append(acked, a...)
	}
	s.acked, s.rate = len(acked), float64(len(acked))/time.Since(c.began).Seconds()
	_, end := c.history()
	eventually(c.T, fmt.Sprintf("every follower at %d", end), func() bool { return c.reached(end) })
	views := map[string][]client.Message{}
	var all []time.Time
	for _, f := range c.followers {
		f.stop()
		all = append(all, c.check(f)...)
		views[f.name] = f.view.Shown()
	}
	// Read last: a message on its way when its writer stopped may be stored and shown until now.
	history, _ := c.history()
	s.connects, s.storm = len(all), mostInASecond(all)
	if err := client.Audit(acked, history, views).Err(); err != nil {
		c.Error(err)
	}
	return s
}

// check looks at one follower, and returns when it came back.
func (c *crowd) check(f *follower) []time.Time {
	c.Helper()
	connects, failures := f.seen()
	for _, failure := range failures {
		c.Errorf("a client noticed: %s", failure)
	}
	if err := f.view.Err(); err != nil {
		c.Errorf("%s: %v", f.name, err)
	}
	if n := f.view.Reloads(); n != 1 {
		c.Errorf("%s loaded the history %d times, want once and resumed from then on", f.name, n)
	}
	return connects[1:]
}

func (c *crowd) reached(seq uint64) bool {
	return !slices.ContainsFunc(c.followers, func(f *follower) bool {
		p, ok := f.view.Position()
		return !ok || p.Seq < seq
	})
}

// history is the whole room, and the seq of its end.
func (c *crowd) history() (messages []client.Message, end uint64) {
	c.Helper()
	ctx, cancel := context.WithTimeout(c.Context(), patience)
	defer cancel()
	s, err := client.Open(ctx, c.as("writer-0"), nil)
	if err != nil {
		c.Fatalf("connect to read the history: %v", err)
	}
	defer s.Close()
	if messages, err = s.History(ctx, room, 200); err != nil {
		c.Fatal(err)
	}
	for _, m := range messages {
		end = max(end, m.Seq)
	}
	return messages, end
}

// mostInASecond is the largest number of moments within any one second.
func mostInASecond(moments []time.Time) int {
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

// unlessGoingAway is nil where the node has said goodbye as it should.
func unlessGoingAway(err error) error {
	var closed *client.Closed
	if errors.As(err, &closed) && closed.Code == goingAway {
		return nil
	}
	return err
}
