package redisbus_test

import (
	"fmt"
	"strings"
	"testing"

	"chatnode/actors/chat"
	"chatnode/transport/redistest"
)

// infoStats returns the numbers of one section of INFO. For commandstats these are the calls.
func infoStats(t testing.TB, s *redistest.Server, section string) map[string]int {
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

// TestCommandsOfAnAppend: a batch is one round trip with one script per room, which runs few commands per write.
func TestCommandsOfAnAppend(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := startNode(t, newEngine(t, s.URL(), "api-1"))
	for _, c := range []struct{ size, rooms, perRoom, perWrite int }{
		{1, 1, 5, 5}, {10, 1, 5, 5}, {100, 1, 5, 5}, {100, 10, 5, 5},
	} {
		const batches = 20
		s.Do(t, "CONFIG", "RESETSTAT")
		for b := range batches {
			var batch []chat.Write
			for i := range c.size {
				batch = append(batch, message(fmt.Sprintf("room-%d", i%c.rooms), fmt.Sprintf("0-size%dx%d-%d", c.size, c.rooms, b*c.size+i)))
			}
			must(p.appender.Append(ctx(t), batch))(t, "append")
		}
		counters := infoStats(t, s, "stats")
		bytes, reads := counters["total_net_input_bytes"], counters["total_reads_processed"]
		calls := infoStats(t, s, "commandstats")
		total := 0
		for name, n := range calls {
			if name != "info" && name != "config|resetstat" && name != "ping" {
				total += n
			}
		}
		writes := batches * c.size
		t.Logf("batch of %d in %d rooms: %.1f commands and %d B of input per message: %v", c.size, c.rooms, float64(total)/float64(writes), bytes/writes, calls)
		if calls["evalsha"] != batches*c.rooms || calls["eval"]+calls["script|load"] != 0 {
			t.Errorf("%d scripts for %d batches in %d rooms: %v", calls["evalsha"], batches, c.rooms, calls)
		}
		// Redis reads up to 16 KiB per system call, so a batch of at most 16 KiB is one read. INFO is one more read.
		if bound := batches*(1+bytes/batches/(16<<10)) + 1; reads > bound {
			t.Errorf("%d reads for %d batches of %d B, want at most %d", reads, batches, bytes/batches, bound)
		}
		// Commands of the script: TIME, HMGET, HSET and HLEN per room, sometimes PEXPIRE or XTRIM; two HGET, HSETNX,
		// XADD and PUBLISH per write.
		if bound := batches*c.rooms*(c.perRoom+1) + writes*c.perWrite; total > bound {
			t.Errorf("%d commands for %d messages, want at most %d", total, writes, bound)
		}
	}
}

// What is far from its hint, or nowhere, must not stall Redis: the log is looked through in pieces.
func TestFarTargets(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := startNode(t, newEngine(t, s.URL(), "api-1"))
	var ids []string
	for range 20 {
		var batch []chat.Write
		for range 250 {
			ids = append(ids, fmt.Sprintf("0-full-%x", len(ids))) // no hint helps
			batch = append(batch, message("full", ids[len(ids)-1]))
		}
		must(p.appender.Append(ctx(t), batch))(t, "append")
	}
	again := message("full", ids[4000])
	again.Key, again.Tried = "forgotten", true
	fresh := message("full", "0-full-never")
	fresh.Tried = true
	batch := []chat.Write{
		{Room: "full", Kind: chat.EntryDelete, ID: "d1", Target: "0-none-1", Author: alice},
		{Room: "full", Kind: chat.EntryEdit, ID: "e1", Target: ids[4500], Text: "new", Author: alice},
		{Room: "full", Kind: chat.EntryDelete, ID: "d2", Target: ids[4600], Author: chat.Author{ID: "u-bob"}},
		again, fresh, message("full", "0-full-next"),
	}
	got := must(p.appender.Append(ctx(t), batch))(t, "append")
	for i, want := range []chat.Receipt{
		{Refused: chat.RefusedNotFound},
		{Seq: 5002, ID: "e1", Target: ids[4500]},
		{Refused: chat.RefusedForbidden},
		{Seq: 4001, ID: ids[4000], Duplicate: true},
		{Seq: 5003, ID: "0-full-never"},
		{Seq: 5001, ID: "0-full-next"},
	} {
		r := got[i]
		r.Epoch, r.At = "", 0
		if r != want {
			t.Errorf("receipt %d: %+v, want %+v", i, r, want)
		}
	}
	page := must(p.store.Range(ctx(t), chat.Query{Room: "full", After: 4500, Limit: 1}))(t, "range")
	if page.Entries[0].Message.Text != "new" {
		t.Errorf("the edited message stands as %+v", page.Entries[0])
	}
}
