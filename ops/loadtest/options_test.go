package main

import (
	"io"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestNodes(t *testing.T) {
	nodes, err := parseNodes("127.0.0.1:3001, ws://[::1]:4,wss://localhost", false)
	want := []node{{"ws", "127.0.0.1:3001"}, {"ws", "[::1]:4"}, {"wss", "localhost:443"}}
	if err != nil || !slices.Equal(nodes, want) {
		t.Errorf("%v, %v", nodes, err)
	}
	if _, err := parseNodes("192.0.2.7:3001", true); err != nil {
		t.Errorf("-allow-remote: %v", err)
	}
	for _, bad := range []string{"", ":3001", "http://127.0.0.1", "ws://127.0.0.1/x", "ws://a@127.0.0.1", "ws://127.0.0.1:x", "ws://127.0.0.1?x"} {
		if _, err := parseNodes(bad, true); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func TestSources(t *testing.T) {
	for text, want := range map[string]int{"": 0, "127.0.1.1": 1, "127.0.1.1-127.0.1.8": 8, "127.0.0.255-127.0.1.1": 3} {
		got, err := parseSources(text)
		if err != nil || len(got) != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, bad := range []string{"x", "127.0.1.1-", "127.0.1.2-127.0.1.1", "127.0.0.1-::1", "127.0.0.0-127.255.255.255"} {
		if _, err := parseSources(bad); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func TestShareSize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 2000).Draw(t, "n")
		var s share
		if err := s.Set(rapid.SampledFrom([]string{"0", "1", "0%", "1%", "2.5%", "50%", "100%"}).Draw(t, "share")); err != nil {
			t.Fatal(err)
		}
		picked := 0
		for i := range n {
			if scatter(i, n) < s.of(n) {
				picked++
			}
		}
		if picked != s.of(n) {
			t.Fatalf("%s of %d is %d, and %d are picked", &s, n, s.of(n), picked)
		}
	})
}

func TestOptionsSilentExcludesSlow(t *testing.T) {
	o, err := parse([]string{"-n", "100", "-rooms", "10", "-silent", "3", "-slow", "5%"}, func(string) string { return "" }, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	f := newClientPool(o, newPlan(o, "tagtagta", time.Now()))
	silent, paused := 0, 0
	for _, c := range f.clients {
		switch {
		case c.silent:
			silent++
		case c.slow:
			paused++
		}
	}
	if silent != 3 || paused != 5 || len(f.plan.senders) != 92 {
		t.Errorf("%d silent, %d slow, %d senders", silent, paused, len(f.plan.senders))
	}
}

func TestSlowReadersAreSpread(t *testing.T) {
	var s share
	if err := s.Set("1%"); err != nil {
		t.Fatal(err)
	}
	const n, rooms = 12_000, 1200
	in := map[int]bool{}
	for i := range n {
		if scatter(i, n) < s.of(n) {
			in[i%rooms] = true
		}
	}
	if len(in) < 60 {
		t.Errorf("%d slow readers in %d rooms", s.of(n), len(in))
	}
}

func TestRoomsAreSpreadOverNodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes, rooms := rapid.IntRange(1, 5).Draw(t, "nodes"), rapid.IntRange(1, 20).Draw(t, "rooms")
		f := &clientPool{nodes: make([]node, nodes), rooms: make([]*room, rooms)}
		for i := range f.nodes {
			f.nodes[i].host = strconv.Itoa(i)
		}
		seen := map[string]bool{}
		for i := range rooms * nodes {
			seen[strconv.Itoa(i%rooms)+" "+f.target(i, 0).host] = true
		}
		if len(seen) != rooms*nodes {
			t.Fatalf("%d of %d pairs of room and node have a connection", len(seen), rooms*nodes)
		}
		if nodes > 1 && f.target(0, 0) == f.target(0, 1) {
			t.Fatal("a client that connects again goes to the same node")
		}
	})
}
