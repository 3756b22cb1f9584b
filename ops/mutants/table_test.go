package mutants

// mutant is one small wrong change.
type mutant struct {
	name      string // its effect
	file      string // below actors/
	was, is   string
	invariant string // the first one that it violates, with its id in ops/docs/INVARIANTS.md; "A or B": either
}

const (
	inv1    = "INV-1"
	inv2    = "INV-2"
	inv3    = "INV-3"
	inv4    = "INV-4"
	inv5    = "INV-5"
	inv6    = "INV-6"
	nothing = ""
)

var mutants = []mutant{
	// An acknowledged write is never lost.
	{"the journal acknowledges before it stores", "publisher/journal.go", "\t\terr = j.deps.JournalPort.Append(batch)\n", "\t\tj.answer(nil)\n\t\terr = j.deps.JournalPort.Append(batch)\n", inv1},
	{"a write that the journal could not store is acknowledged", "room/journal.go", "\tcase m.Err != nil:\n\t\tr.fail(request, &m.Write, wire.CodeOverloaded)\n\t\treturn\n", nothing, inv1},
	{"the journal drops replayed writes before Redis has accepted them", "publisher/journal_replay.go", "\tj.deps.Publisher.Post(&replayBatch{writes})\n", "\t_ = j.deps.JournalPort.RemoveFirst(len(j.page))\n\tj.deps.Publisher.Post(&replayBatch{writes})\n", inv1},
	{"writes lost in a failover are not appended again", "publisher/recheck.go", "\tif err := p.reappend(m.lost); err != nil {", "\tif err := p.reappend(nil); err != nil {", inv1},
	{"replayed writes of the journal are not remembered", "publisher/replay.go", "\t\tp.acked.add(m.writes[i], receipts[i], time.Now())\n\t\tif", "\t\tif", inv1},
	{"writes lost without a broken connection are not checked", "publisher/recheck.go", "return p.acked.enabled && !p.journaling }\n", "return p.acked.enabled && p.journaling }\n", inv1},

	// One order.
	{"a gap is displayed", "timeline/timeline.go", "\tcase e.Seq == t.shownSeq+1:\n", "\tcase e.Seq > t.shownSeq:\n", inv2},
	{"a new epoch is not reported", "timeline/log_pages.go", "\tt.emit(Effect{Kind: EffectResync, Reason: ReasonReset})\n", nothing, inv2},
	{"entries trimmed from the log are skipped silently", "timeline/log_pages.go", "\tt.emit(Effect{Kind: EffectResync, Reason: ReasonTrimmed})\n", nothing, inv2},
	{"an append receipt is not used: the gap timer is not armed", "room/acks.go", "\tmissing := r.reader.open && r.timeline.Observe(receipt.Epoch, receipt.Seq)\n", "\tmissing := r.reader.open && false\n", inv2},
	{"a resume omits the newest missed entries", "room/joins.go", "\t\tr.joinWithMissed(m, missed)\n", "\t\tr.joinWithMissed(m, missed[:max(0, len(missed)-1)])\n", inv2},
	{"the journal is replayed newest first", "publisher/journal_replay.go", "\tj.page, j.found = page[:j.uniformPrefix(page)], nil\n", "\tj.page, j.found = page[:j.uniformPrefix(page)], nil\n\tfor a, b := 0, len(j.page)-1; a < b; a, b = a+1, b-1 {\n\t\tj.page[a], j.page[b] = j.page[b], j.page[a]\n\t}\n", inv2},
	{"writes bypass a journal that is not empty", "publisher/publisher.go", "\tcase p.journaling:\n\t\tp.sendToJournal(m)\n\t\treturn\n", "\tcase p.journaling && p.deps.Health.LogUnavailable() && p.replayInFlight:\n\t\tp.sendToJournal(m)\n\t\treturn\n", inv2},
	{"a displayed seq is assigned again", "publisher/append.go", "\treceipts, err := p.deps.Appender.Append(ctx, writes)\n", "\tfor i := range writes {\n\t\twrites[i].Floor = chat.Floor{}\n\t}\n\treceipts, err := p.deps.Appender.Append(ctx, writes)\n", inv2},

	// Nothing is stored or displayed twice.
	{"the client's id is not used as key", "room/write.go", "\t\tw.Key = m.Author.ID + \"\\x00\" + m.Cmd.ID\n", nothing, inv3},
	{"a second delivery is displayed again", "timeline/timeline.go", "\t\tt.emit(Effect{Kind: EffectDuplicate})\n", "\t\tt.emit(Effect{Kind: EffectShow, Entry: e})\n", inv3},
	{"an entry that was displayed and then stored in the journal is displayed again", "room/journal.go", "\tif m.First != \"\" || r.timeline.WasShown(m.Write.ID) {", "\tif m.First != \"\" {", inv3},
	{"the log is not searched for the journal of a crashed run", "publisher/journal_replay.go", "\t\tif !ok || now.Sub(stored.at)", "\t\tif ok && now.Sub(stored.at)", inv3},
	{"a provisional message stays next to its entry with another id", "room/effects.go", "(hidden || known != e.ID)", "hidden", inv4},

	// Provisional messages get their seq.
	{"the seq of a provisional message is not reported", "room/effects.go", "\t\tr.broadcastWith(fanout.Seal(wire.AppendCommitted(fanout.Begin(), r.name, r.timeline.Epoch(), []wire.CommittedSeq{{ID: e.ID, Seq: e.Seq}})), ack)\n\t\treturn\n", "\t\treturn\n", inv2},
	{"a skipped provisional message is not taken back", "room/provisional.go", "\treturn removed && k == chat.EntryMessage\n", "\treturn removed && k > chat.EntryBulkDelete\n", inv3 + " or " + inv4},

	// The degraded status is true, and ends.
	{"the node reports recovery before the journal is empty", "link/state.go", "s.passed == allChecks {", "s.passed|checkJournal == allChecks {", inv5},
	{"the node reports recovery before the rooms have caught up", "link/state.go", "s.passed == allChecks {", "s.passed|checkRooms == allChecks {", inv5},
	{"a missing probe is not detected", "link/state.go", "\tif s.subscribed && now.Sub(s.lastProbeAt) >= probeTimeout {\n", "\tif s.subscribed && now.Sub(s.lastProbeAt) >= 100*probeTimeout {\n", inv5},
	{"clients do not receive the status", "link/status.go", "\t\tw.Post(&fanout.BroadcastAll{Frame: frame})\n", "\t\t_, _ = w, frame\n", inv5},
	{"a broken subscriber is not opened again", "link/state.go", "\ts.openAt = now.Add(s.backoff(s.attempts))\n", "\ts.openAt = now.Add(1000 * time.Hour)\n", inv5},

	// Presence converges.
	{"leases are not renewed", "presence/state.go", "\t\t\tif !present || !u.reported.has(role) {\n", "\t\t\tif !present || u.confirmed {\n", inv6},
	{"counts that changed by an expired lease are not reported", "presence/tracker.go", "\t\tif !c.Notify && t.state.isStale(c.Room, m.counts[i]) {\n", "\t\tif !c.Notify && t.state.isStale(c.Room, m.counts[i]) && t.localOnly {\n", inv6},
	{"a user who leaves is still counted", "presence/state.go", "\tu.count[role]--\n", nothing, inv6},
}
