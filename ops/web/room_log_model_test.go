package web

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"chatnode/ops/webtest"
)

// roomLogModel passes random logs, derived from a seed, to RoomLog and compares the result with a fold of the log.
//
//   - Frames arrive late, twice, out of order, or only after a repair.
//   - A part of the history arrives as a page that was read at an earlier position.
//   - Some messages arrive as provisional first. Those in the history are taken back. The others may get their seq by
//     `committed` alone.
//   - Some deletions arrive before they have a seq.
const roomLogModel = `(async () => {
  const { RoomLog } = await import("/client/room-log.js");
  let seed = %d;
  const random = (n) => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) %% n;
  const entry = (seq, ids) => {
    const id = ids.length ? ids[random(ids.length)] : null;
    const kind = id ? random(10) : 0;
    if (kind === 7) return { type: "message_updated", seq, data: { id, userId: "u" + id %% 3, message: "edit " + seq } };
    if (kind === 8) return { type: "message_deleted", seq, messageId: id };
    if (kind === 9 && random(3) === 0) return { type: "bulk_delete", seq, userId: "u" + random(3) };
    ids.push(seq);
    return { type: "new_message", seq, data: { id: seq, userId: "u" + seq %% 3, message: "text " + seq } };
  };
  const fold = (log, upTo) => {
    const view = new Map();
    for (const e of log.slice(0, upTo)) {
      if (e.type === "new_message") view.set(e.data.id, { ...e.data, seq: e.seq });
      if (e.type === "message_updated" && view.has(e.data.id)) view.get(e.data.id).message = e.data.message;
      if (e.type === "message_deleted") view.delete(e.messageId);
      if (e.type === "bulk_delete") for (const [id, m] of view) if (m.userId === e.userId) view.delete(id);
    }
    return [...view.values()].map((m) => ({ ...m }));
  };
  const play = () => {
    const ids = [];
    const log = Array.from({ length: 10 + random(50) }, (_, i) => entry(i + 1, ids));
    const start = random(log.length);
    const some = (type, list) => list.filter((e) => e.type === type && random(3) === 0);
    const draft = ({ type, data }) => ({ type, data: { ...data }, provisional: true });
    const takenBack = some("new_message", log.slice(0, start));
    const committed = some("new_message", log.slice(start));
    const deleted = some("message_deleted", log.slice(start));
    const from = 1 + random(start + 1);
    const room = new RoomLog();
    [...takenBack.filter((e) => e.seq %% 2), ...committed].forEach((e) => room.receive(draft(e)));
    const history = fold(log, start);
    room.replace({ epoch: "e", seq: start, data: history.filter((m) => m.seq >= from), more: true });
    const frameOf = (e) => committed.includes(e) && random(2) ? { type: "committed", data: [{ id: e.data.id, seq: e.seq }] } : e;
    const frames = log.slice(start).flatMap((e) => Array(random(8) === 0 ? random(3) : 1).fill(frameOf(e)));
    for (let i = 0; i < frames.length; i++) {
      const j = Math.min(frames.length - 1, i + random(4));
      [frames[i], frames[j]] = [frames[j], frames[i]];
    }
    const insert = (from, frame) => {
      const at = from + random(frames.length - from + 1);
      frames.splice(at, 0, frame);
      return at + 1;
    };
    deleted.forEach((e) => insert(0, { type: e.type, messageId: e.messageId }));
    takenBack.forEach((e) => {
      const after = e.seq %% 2 ? 0 : insert(0, draft(e)); // sent by the node that was joined
      insert(after, { type: "message_deleted", messageId: e.data.id, takenBack: true });
    });
    const middle = random(frames.length + 1);
    frames.slice(0, middle).forEach((f) => room.receive(f));
    const read = start + random(Math.max(1, room.seq - start + 1));
    room.prepend({ epoch: "e", seq: read, data: fold(log, read).filter((m) => m.seq < room.from), more: false }, 50);
    frames.slice(middle).forEach((f) => room.receive(f));
    while (room.seq < log.length) room.receive(log[room.seq]);
    const got = JSON.stringify(room.messages.map((m) => [m.seq, m.message]));
    const want = JSON.stringify(fold(log, log.length).map((m) => [m.seq, m.message]));
    return got === want && !room.gap ? "" : "got " + got + ", want " + want;
  };
  for (let i = 0; i < %d; i++) {
    const failure = play();
    if (failure) return "case " + i + ": " + failure;
  }
  return "same";
})()`

// TestRoomLogMatchesFold checks that a log that has caught up equals the fold of all entries.
func TestRoomLogMatchesFold(t *testing.T) {
	chat := newFakeChat(t)
	page := open(webtest.Launch(t), t, chat.srv.URL)
	const cases = 10_000
	seed := rand.Uint32()
	if got := page.Eval(fmt.Sprintf(roomLogModel, seed, cases)); got != "same" {
		t.Errorf("seed %d: %s", seed, got)
	}
}
