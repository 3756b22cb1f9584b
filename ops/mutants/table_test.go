package mutants

// mutant is one small wrong change.
type mutant struct {
	name      string // what is wrong then
	file      string
	was, is   string
	invariant string // that it breaches, as ops/docs/INVARIANTS.md has it; or which of two, whichever comes first
}

const (
	actors  = "actors/"
	inv1    = "INV-1"
	inv2    = "INV-2"
	inv3    = "INV-3"
	inv4    = "INV-4"
	inv5    = "INV-5"
	inv6    = "INV-6"
	nothing = ""
)

var mutants = []mutant{
	// What was acknowledged is never lost.
	{"the journal acknowledges before it keeps", actors + "journal.go", "		err = j.port.Keep(batch)\n", "		j.answer(nil)\n		err = j.port.Keep(batch)\n", inv1},
	{"a write that the journal could not keep is acknowledged", actors + "provisional.go", "	case m.err != nil:\n		r.fail(m.submit, wire.CodeOverloaded)\n		return\n", nothing, inv1},
	{"the journal drops what it replays before Redis has taken it", actors + "journal_replay.go", "	j.core.out.Post(&replayPage{writes})\n", "	_ = j.port.Drop(len(j.page))\n	j.core.out.Post(&replayPage{writes})\n", inv1},
	{"what a failover lost is not appended again", actors + "bridge_replay.go", "	if err := b.again(self, m.lost); err != nil {", "	if err := b.again(self, nil); err != nil {", inv1},
	{"what the journal brought to Redis is not remembered", actors + "bridge_replay.go", "		b.acked.add(m.writes[i], receipts[i], time.Now())\n		if", "		if", inv1},
	{"what was lost without a broken connection is not looked for", actors + "bridge_replay.go", "return b.acked.on && !b.journaling }\n", "return b.acked.on && b.journaling }\n", inv1},

	// One order.
	{"a hole is shown", actors + "room_state.go", "	case e.Seq == s.last+1:\n", "	case e.Seq > s.last:\n", inv2},
	{"a new epoch is not told", actors + "room_state.go", "	s.emit(effect{kind: effectResync, why: whyEpoch})\n", nothing, inv2},
	{"what the log has let go of is passed by in silence", actors + "room_state.go", "	s.emit(effect{kind: effectResync, why: whyGone})\n", nothing, inv2},
	{"an append is no evidence: the gap timer is not armed", actors + "room_await.go", "	missing := r.open && r.state.exists(receipt.Epoch, receipt.Seq)\n", "	missing := r.open && false\n", inv2},
	{"a resume leaves out the newest of what was missed", actors + "room_members.go", "		r.resume(m, missed)\n", "		r.resume(m, missed[:max(0, len(missed)-1)])\n", inv2},
	{"the journal is replayed from its newest", actors + "journal_replay.go", "	j.page, j.found = page[:j.sameFate(page)], nil\n", "	j.page, j.found = page[:j.sameFate(page)], nil\n	for a, b := 0, len(j.page)-1; a < b; a, b = a+1, b-1 {\n		j.page[a], j.page[b] = j.page[b], j.page[a]\n	}\n", inv2},
	{"writes pass by a journal that is not empty", actors + "bridge_out.go", "	case b.journaling:\n		b.toJournal(m)\n		return\n", "	case b.journaling && b.core.degraded() && b.replaying:\n		b.toJournal(m)\n		return\n", inv2},
	{"a seq that was shown is given out again", actors + "bridge_out.go", "	receipts, err := b.port.Append(ctx, writes)\n", "	for i := range writes {\n		writes[i].Floor = Floor{}\n	}\n	receipts, err := b.port.Append(ctx, writes)\n", inv2},

	// Nothing twice.
	{"the client's id is no key", actors + "room_write.go", "		w.Key = m.author.ID + \"\\x00\" + m.cmd.ID\n", nothing, inv3},
	{"what comes a second time is shown a second time", actors + "room_state.go", "		s.emit(effect{kind: effectDouble})\n", "		s.emit(effect{kind: effectShow, entry: e})\n", inv3},
	{"what was shown and is then kept is shown again", actors + "provisional.go", "	if m.first != \"\" || r.state.ids.holds(m.write.ID) {", "	if m.first != \"\" {", inv3},
	{"a crashed life's journal is not looked for in the log", actors + "journal_replay.go", "		if !held || now.Sub(kept.at)", "		if held && now.Sub(kept.at)", inv3},
	{"a provisional message stays beside its entry of another id", actors + "room_show.go", "(partly || known != e.entry.ID)", "partly", inv4},

	// Provisional messages get their place.
	{"nobody is told that a provisional message has its place", actors + "room_show.go", "		r.broadcastWith(seal(wire.AppendCommitted(begin(), r.name, r.state.epoch, []wire.Commit{{ID: e.entry.ID, Seq: e.entry.Seq}})), ack)\n		return\n", "		return\n", inv2},
	{"a provisional message that was passed by is not taken back", actors + "provisional.go", "	if _, shown := r.provisional.settle(id); shown && k == KindMessage {\n", "	if _, shown := r.provisional.settle(id); shown && k > EntryBulkDelete {\n", inv3 + " or " + inv4},

	// Degraded is true, and ends.
	{"well is said before the journal is empty", actors + "link_state.go", "s.proven == provenAll {", "s.proven|provenReplay == provenAll {", inv5},
	{"well is said before the rooms have caught up", actors + "link_state.go", "s.proven == provenAll {", "s.proven|provenRooms == provenAll {", inv5},
	{"a deaf node does not notice", actors + "link_state.go", "	if s.hearing && now.Sub(s.heard) >= deafAfter {\n", "	if s.hearing && now.Sub(s.heard) >= 100*deafAfter {\n", inv5},
	{"clients are not told of the status", actors + "bridge.go", "		w.Post(announce{frame})\n", "		_, _ = w, frame\n", inv5},
	{"a broken subscriber is not opened again", actors + "link_state.go", "	s.dialAt = now.Add(s.pause(s.tries))\n", "	s.dialAt = now.Add(1000 * time.Hour)\n", inv5},

	// Presence converges.
	{"leases are not renewed", actors + "presence_state.go", "			if !here || !u.told.has(role) {\n", "			if !here || u.sure {\n", inv6},
	{"counts that have changed by themselves are not told", actors + "presence.go", "		if !c.Notify && p.state.stale(c.Room, m.counts[i]) {\n", "		if !c.Notify && p.state.stale(c.Room, m.counts[i]) && p.alone {\n", inv6},
	{"who leaves is still counted", actors + "presence_state.go", "	u.count[role]--\n", nothing, inv6},
}
