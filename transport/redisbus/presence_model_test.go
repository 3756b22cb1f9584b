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

// presenceModel is three nodes and the expected presence: the users connected to each node.
type presenceModel struct {
	server  *redistest.Server
	stores  [3]*redisbus.Store
	users   [3]map[string]bool
	deleted bool // the keys were deleted, and not all nodes have renewed their users yet
}

// TestPresenceConverges randomly opens and closes connections, renews leases and deletes keys. The counts are exact at
// every step. After a deletion they are exact again when every node has renewed its users.
func TestPresenceConverges(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	rapid.Check(t, func(t *rapid.T) {
		m := newPresenceModel(t, s)
		defer m.close()
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			m.step(t)
		}
		m.renew(t)
		if got, want := m.apply(t, 0, chat.PresenceChange{}), m.want(); got != want {
			t.Fatalf("%d members after all nodes renewed, want %d", got, want)
		}
		for i := range m.stores {
			left := m.presentUsers(i)
			m.users[i] = nil
			if got, want := m.apply(t, i, chat.PresenceChange{Left: left}), m.want(); got != want {
				t.Fatalf("%d members after node %d left, want %d", got, i, want)
			}
		}
	})
}

func newPresenceModel(t *rapid.T, s *redistest.Server) *presenceModel {
	if err := s.Client().FlushAll(context.Background()).Err(); err != nil {
		t.Fatalf("flush: %v", err)
	}
	m := &presenceModel{server: s}
	for i := range m.stores {
		e, err := redisbus.New(redisbus.Options{URL: s.URL(), InstanceID: fmt.Sprintf("api-%d", i), Incarnation: "x"})
		if err != nil {
			t.Fatalf("engine: %v", err)
		}
		m.stores[i], m.users[i] = e.NewStore(), map[string]bool{}
	}
	return m
}

func (m *presenceModel) close() {
	for _, s := range m.stores {
		_ = s.Close()
	}
}

func (m *presenceModel) step(t *rapid.T) {
	i, u := rapid.IntRange(0, 2).Draw(t, "node"), rapid.SampledFrom([]string{"u", "v", "w"}).Draw(t, "user")
	var ch chat.PresenceChange
	switch rapid.SampledFrom([]string{"open", "open", "close", "close", "renew", "renew all", "delete"}).Draw(t, "step") {
	case "open":
		m.users[i][u], ch.Present = true, member(u)
	case "close":
		delete(m.users[i], u)
		ch.Left = member(u)
	case "renew":
		ch.Present = m.presentUsers(i)
	case "renew all":
		m.renew(t)
	case "delete":
		m.deleted = true
		if err := m.server.Client().Del(context.Background(), "chat:presence:global:members").Err(); err != nil {
			t.Fatalf("delete: %v", err)
		}
	}
	if got, want := m.apply(t, i, ch), m.want(); got != want && !m.deleted {
		t.Fatalf("%d members, want %d", got, want)
	}
}

// renew renews the leases of all users on every node, twice: a node may need the writes of the others first.
func (m *presenceModel) renew(t *rapid.T) {
	for range 2 {
		for i := range m.stores {
			m.apply(t, i, chat.PresenceChange{Present: m.presentUsers(i)})
		}
	}
	m.deleted = false
}

func (m *presenceModel) apply(t *rapid.T, i int, ch chat.PresenceChange) int {
	ch.Room = "global"
	counts, err := m.stores[i].Apply(context.Background(), []chat.PresenceChange{ch})
	if err != nil {
		t.Fatalf("presence: %v", err)
	}
	return counts[0].Members
}

// presentUsers returns the users connected to node i.
func (m *presenceModel) presentUsers(i int) []chat.PresentUser {
	var list []chat.PresentUser
	for u := range m.users[i] {
		list = append(list, member(u)...)
	}
	slices.SortFunc(list, func(a, b chat.PresentUser) int { return int(a.UserID[0]) - int(b.UserID[0]) })
	return list
}

// want returns the number of users with a connection to any node.
func (m *presenceModel) want() int {
	all := map[string]bool{}
	for _, set := range m.users {
		for u := range set {
			all[u] = true
		}
	}
	return len(all)
}
