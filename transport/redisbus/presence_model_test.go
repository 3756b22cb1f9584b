package redisbus_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"chatnode/actors/chat"
	"chatnode/transport/redisbus"
	"chatnode/transport/redistest"
)

// A crowd is three nodes and what is true of them: who has a tab on which.
type crowd struct {
	server  *redistest.Server
	stores  [3]*redisbus.Store
	truth   [3]map[string]bool
	deleted bool // the keys were deleted, and not everyone has renewed since
}

// Random opening and closing of tabs, renewals and deletions of the keys. The counts are exact at
// every step; after a deletion they are again as soon as every node has renewed.
func TestPresenceConverges(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	rapid.Check(t, func(t *rapid.T) {
		c := newCrowd(t, s)
		defer c.close()
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			c.step(t)
		}
		c.renew(t)
		if got, want := c.apply(t, 0, chat.PresenceChange{}), c.want(); got != want {
			t.Fatalf("%d members after all renewed, want %d", got, want)
		}
		for i := range c.stores {
			gone := c.users(i)
			c.truth[i] = nil
			if got, want := c.apply(t, i, chat.PresenceChange{Left: gone}), c.want(); got != want {
				t.Fatalf("%d members after node %d left, want %d", got, i, want)
			}
		}
	})
}

func newCrowd(t *rapid.T, s *redistest.Server) *crowd {
	if err := s.Client().FlushAll(context.Background()).Err(); err != nil {
		t.Fatalf("flush: %v", err)
	}
	c := &crowd{server: s}
	for i := range c.stores {
		e, err := redisbus.New(redisbus.Options{URL: s.URL(), InstanceID: fmt.Sprintf("api-%d", i), Incarnation: "x"})
		if err != nil {
			t.Fatalf("engine: %v", err)
		}
		c.stores[i], c.truth[i] = e.Store(), map[string]bool{}
	}
	return c
}

func (c *crowd) close() {
	for _, s := range c.stores {
		_ = s.Close()
	}
}

func (c *crowd) step(t *rapid.T) {
	i, u := rapid.IntRange(0, 2).Draw(t, "node"), rapid.SampledFrom([]string{"u", "v", "w"}).Draw(t, "user")
	var ch chat.PresenceChange
	switch rapid.SampledFrom([]string{"open", "open", "close", "close", "renew", "renew all", "delete"}).Draw(t, "step") {
	case "open":
		c.truth[i][u], ch.Present = true, member(u)
	case "close":
		delete(c.truth[i], u)
		ch.Left = member(u)
	case "renew":
		ch.Present = c.users(i)
	case "renew all":
		c.renew(t)
	case "delete":
		c.deleted = true
		if err := c.server.Client().Del(context.Background(), "chat:presence:global:members").Err(); err != nil {
			t.Fatalf("delete: %v", err)
		}
	}
	if got, want := c.apply(t, i, ch), c.want(); got != want && !c.deleted {
		t.Fatalf("%d members, want %d", got, want)
	}
}

// renew lets every node renew the leases of its users. The second round is for what a node could
// only see after the others had written.
func (c *crowd) renew(t *rapid.T) {
	for range 2 {
		for i := range c.stores {
			c.apply(t, i, chat.PresenceChange{Present: c.users(i)})
		}
	}
	c.deleted = false
}

func (c *crowd) apply(t *rapid.T, i int, ch chat.PresenceChange) int {
	ch.Room = "global"
	counts, err := c.stores[i].Apply(context.Background(), []chat.PresenceChange{ch})
	if err != nil {
		t.Fatalf("presence: %v", err)
	}
	return counts[0].Members
}

// users are those with a tab on node i.
func (c *crowd) users(i int) []chat.PresentUser {
	var list []chat.PresentUser
	for u := range c.truth[i] {
		list = append(list, member(u)...)
	}
	slices.SortFunc(list, func(a, b chat.PresentUser) int { return int(a.UserID[0]) - int(b.UserID[0]) })
	return list
}

// want is how many users have a tab anywhere.
func (c *crowd) want() int {
	all := map[string]bool{}
	for _, set := range c.truth {
		for u := range set {
			all[u] = true
		}
	}
	return len(all)
}
