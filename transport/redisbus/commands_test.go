package redisbus_test

import (
	"fmt"
	"strings"
	"testing"

	"chatnode/actors"
	"chatnode/transport/redistest"
)

// stats reads one section of INFO as numbers; of a command's line the calls.
func stats(t testing.TB, s *redistest.Server, section string) map[string]int {
	t.Helper()
	m := map[string]int{}
	for line := range strings.Lines(fmt.Sprint(s.Do(t, "INFO", section))) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		n := 0
		if _, err := fmt.Sscan(strings.TrimPrefix(value, "calls="), &n); err == nil {
			m[strings.TrimPrefix(name, "cmdstat_")] = n
		}
	}
	return m
}

// One batch is one round trip: one script for each of its rooms, and all of them in one write.
func TestCommandsOfAnAppend(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := start(t, node(t, s.URL(), "api-1"))
	for _, c := range []struct{ size, rooms, perRoom, perWrite int }{
		{1, 1, 5, 5}, {10, 1, 5, 5}, {100, 1, 5, 5}, {100, 10, 5, 5},
	} {
		const batches = 20
		s.Do(t, "CONFIG", "RESETSTAT")
		for b := range batches {
			var batch []actors.Write
			for i := range c.size {
				batch = append(batch, say(fmt.Sprintf("room-%d", i%c.rooms), fmt.Sprintf("0-size%dx%d-%d", c.size, c.rooms, b*c.size+i)))
			}
			must(p.appender.Append(ctx(t), batch))(t, "append")
		}
		bytes := stats(t, s, "stats")["total_net_input_bytes"]
		calls := stats(t, s, "commandstats")
		total := 0
		for name, n := range calls {
			if name != "info" && name != "config|resetstat" && name != "ping" {
				total += n
			}
		}
		writes := batches * c.size
		t.Logf("batch of %d in %d rooms: %.1f commands, %d B in for each message: %v", c.size, c.rooms, float64(total)/float64(writes), bytes/writes, calls)
		if calls["evalsha"] != batches*c.rooms || calls["eval"]+calls["script|load"] != 0 {
			t.Errorf("%d scripts for %d batches in %d rooms: %v", calls["evalsha"], batches, c.rooms, calls)
		}
		// In the script: TIME, HMGET, HSET, PEXPIRE for the room, sometimes a trim; HGET twice,
		// HSETNX, XADD, PUBLISH for each write.
		if bound := batches*c.rooms*(c.perRoom+1) + writes*c.perWrite; total > bound {
			t.Errorf("%d commands for %d messages, want at most %d", total, writes, bound)
		}
	}
}

// What cannot be found must not stall Redis: the whole log is looked through once.
func TestUnknownTargetInAFullLog(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := start(t, node(t, s.URL(), "api-1"))
	for b := range 20 {
		var batch []actors.Write
		for i := range 500 {
			batch = append(batch, say("full", fmt.Sprintf("%x-full-%x", b*500, b*500+i)))
		}
		must(p.appender.Append(ctx(t), batch))(t, "append")
	}
	s.Do(t, "CONFIG", "RESETSTAT")
	r := must(p.appender.Append(ctx(t), []actors.Write{{Room: "full", Kind: actors.KindDelete, ID: "x", Target: "0-none-1", Author: alice}}))(t, "delete")
	if r[0].Refused != actors.RefusedNotFound {
		t.Fatalf("receipt %+v, want it refused", r[0])
	}
	calls := stats(t, s, "commandstats")
	t.Logf("looking through 10,000 entries: %v, %v", calls, s.Do(t, "INFO", "commandstats"))
	if calls["xrange"] > 40 {
		t.Errorf("%d reads, want the log read once in pieces", calls["xrange"])
	}
}
