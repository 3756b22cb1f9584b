import { Backoff } from "./backoff.js";
import { ChatError, newId } from "./errors.js";

const ACK_MS = 10_000; // resend, under the same id, what has no answer by then
const ATTEMPTS_MAX = 8; // refusals with retry: true before the write has failed
const KEY = "chatnode.unsent"; // in the storage
const CERTAIN_MS = 110_000; // the server knows an id for 2 minutes (IDEMPOTENCY_WINDOW)

/**
 * A write on its way.
 *
 * @typedef {object} Outgoing
 * @property {string} id the idempotency key, kept over every retry
 * @property {object} frame
 * @property {string} room
 * @property {"queued" | "sent" | "acked" | "failed"} state
 * @property {ChatError} [error] why it failed
 * @property {number} at ms, when it was written
 * @property {number} [firstSentAt] ms
 * @property {string} [userId] who it was first sent as: ids are theirs
 * @property {string} [messageId] acked, or seen delivered: the message's id
 * @property {number} [seq] acked: its place, where known
 * @property {(ack: object) => void} resolve
 * @property {(error: ChatError) => void} reject
 */

/**
 * Sends writes in order, one at a time for each room, and keeps each until it is acknowledged,
 * over as many connections as that takes.
 */
export class SendQueue {
  #items = new Map();
  #io;
  #timer = null;
  #notBefore = 0; // by performance.now, like sentAt: the clock of a device may be set
  #backoff = new Backoff({ baseMs: 500, capMs: 10_000 });
  #userId = null;

  /**
   * @param {object} io
   * @param {(frame: object) => boolean} io.send
   * @param {(room: string) => boolean} io.ready
   * @param {(room: string) => ChatError | null} io.refused why the room cannot be joined
   * @param {() => void} io.late an answer is overdue: is anybody there?
   * @param {(item: Outgoing) => void} io.changed
   * @param {number} [io.max] writes kept at most (200)
   * @param {Pick<Storage, "getItem" | "setItem" | "removeItem">} [io.storage] where what has no answer outlives this program
   */
  constructor(io) {
    this.#io = io;
    this.#restore();
  }

  /** @returns {Outgoing[]} the room's new messages that are not in its log yet, oldest first */
  pending(room) {
    return [...this.#items.values()].filter((i) => i.room === room && i.frame.type === "send_message");
  }

  /** @returns {number} writes that no answer has settled */
  get size() {
    return [...this.#items.values()].filter((i) => i.state === "queued" || i.state === "sent").length;
  }

  /**
   * @param {object} frame a write without an id
   * @returns {Promise<object>} the `ack`; rejects with a ChatError
   */
  add(frame) {
    if (this.#items.size >= (this.#io.max ?? 200)) {
      return Promise.reject(new ChatError("queue_full", "Too many messages are waiting to be sent"));
    }
    const id = newId();
    const item = { id, frame: { ...frame, id }, room: frame.room, state: "queued", at: Date.now(), attempts: 0 };
    const answer = new Promise((resolve, reject) => Object.assign(item, { resolve, reject }));
    answer.catch(() => {}); // whoever does not wait for it hears of it through io.changed
    this.#items.set(id, item);
    this.#set(item, "queued");
    this.pump();
    return answer;
  }

  /** Sends what may go out now. */
  pump() {
    clearTimeout(this.#timer);
    const now = performance.now();
    const busy = new Set();
    let wake = Infinity;
    for (const item of this.#items.values()) {
      const open = item.state === "queued" || item.state === "sent";
      if (!open || busy.has(item.room)) {
        continue;
      }
      const refusal = this.#io.refused(item.room);
      if (refusal) {
        this.#fail(item, refusal);
        continue;
      }
      busy.add(item.room);
      const due = Math.max(this.#notBefore, item.state === "sent" ? item.sentAt + ACK_MS : 0);
      if (due <= now && this.#io.ready(item.room)) {
        this.#transmit(item);
      }
      wake = Math.min(wake, due <= now ? now + ACK_MS : due);
    }
    if (wake < Infinity) {
      this.#timer = setTimeout(() => this.pump(), wake - now);
    }
  }

  #transmit(item) {
    const now = Date.now(); // outlives the program
    if (item.firstSentAt && now - item.firstSentAt > CERTAIN_MS) {
      this.#fail(item, new ChatError("uncertain", "It is not certain that this was sent"));
      return;
    }
    if (item.state === "sent") {
      this.#io.late();
    }
    if (this.#io.send(item.frame)) {
      item.firstSentAt ??= now;
      item.userId = this.#userId;
      item.sentAt = performance.now();
      this.#set(item, "sent");
    }
  }

  /** @returns {boolean} whether the ack was for a write of this queue */
  ack(frame) {
    const item = this.#items.get(frame.id);
    if (!item) {
      return false;
    }
    this.#backoff.reset();
    Object.assign(item, { messageId: frame.messageId, seq: frame.seq });
    if (item.frame.type !== "send_message") {
      this.#items.delete(item.id);
    }
    this.#set(item, "acked");
    item.resolve(frame);
    this.pump();
    return true;
  }

  /** @param {object} frame `throttled`: everything waits, then goes out again under its id */
  throttled(frame) {
    const all = [...this.#items.values()];
    this.#wait(frame.retryAfterMs, frame.id ? all.filter((i) => i.id === frame.id) : all);
  }

  /** @returns {boolean} whether the error was for a write of this queue */
  refuse(frame) {
    const item = this.#items.get(frame.id);
    if (!item || item.state === "acked") {
      return Boolean(item);
    }
    item.attempts += 1;
    if ((frame.retry || frame.code === "not_joined" || frame.code === "unauthorized") && item.attempts < ATTEMPTS_MAX) {
      this.#wait(frame.retryAfterMs ?? this.#backoff.next(100), [item]);
    } else {
      this.#fail(item, ChatError.from(frame));
    }
    this.pump();
    return true;
  }

  #wait(ms, items) {
    this.#notBefore = Math.max(this.#notBefore, performance.now() + ms);
    this.#requeue(items);
    this.pump();
  }

  /** The connection is gone: what has no answer goes out again on the next. */
  disconnected() {
    clearTimeout(this.#timer);
    this.#notBefore = 0;
    this.#requeue([...this.#items.values()]);
  }

  #requeue(items) {
    for (const item of items.filter((i) => i.state === "sent")) {
      this.#set(item, "queued");
    }
  }

  /** The connection is this user's: what was sent as another may have arrived, and cannot be asked for. */
  belongTo(userId) {
    this.#userId = userId;
    for (const item of this.#items.values()) {
      if (item.firstSentAt && item.state === "queued" && item.userId !== userId) {
        this.#fail(item, new ChatError("uncertain", "It is not certain that this was sent"));
      }
    }
  }

  /**
   * Matches messages that came in with what is on its way: an acknowledged one leaves the queue, and
   * one of the same text that has no ack yet is taken for delivered until its ack says so, lest
   * it be shown twice.
   * @param {string} room
   * @param {{get(id: string): object, seq: number}} log
   * @param {object[]} added the user's own messages among those just added
   */
  delivered(room, log, added) {
    for (const message of added) {
      const twin = this.pending(room).find((i) => !i.messageId && i.firstSentAt && i.frame.message === message.message);
      if (twin) {
        twin.messageId = message.id;
      }
    }
    for (const item of this.pending(room)) {
      const over = item.messageId && (log.get(item.messageId) || (item.seq && item.seq <= log.seq));
      if (item.state === "acked" && over) {
        this.#items.delete(item.id);
      } else if (item.state === "queued" && over && Date.now() - item.firstSentAt > CERTAIN_MS) {
        this.#items.delete(item.id); // too old to ask again, but it is there to be seen
        this.#keep();
        item.resolve({ type: "ack", id: item.id, room, messageId: item.messageId, duplicate: true });
      }
    }
  }

  /** Tries a failed write again; under a new id only where the old one is spoilt. */
  retry(id) {
    const item = this.#items.get(id);
    if (item?.state !== "failed") {
      return;
    }
    this.#items.delete(id);
    if (item.error.code === "conflict" || item.error.code === "uncertain") {
      item.id = newId();
      item.frame = { ...item.frame, id: item.id };
      item.messageId = undefined;
    }
    Object.assign(item, { error: undefined, attempts: 0, firstSentAt: undefined });
    this.#items.set(item.id, item);
    this.#set(item, "queued");
    this.pump();
  }

  /** Gives up a write that has no answer. */
  discard(id) {
    const item = this.#items.get(id);
    if (item && this.#items.delete(id)) {
      this.#keep();
      item.reject(new ChatError("discarded", "Not sent"));
      this.#io.changed(item);
    }
  }

  /** Fails everything for a room that was left. */
  left(room) {
    for (const item of [...this.#items.values()].filter((i) => i.room === room)) {
      this.discard(item.id);
    }
  }

  #fail(item, error) {
    item.error = error;
    if (item.frame.type !== "send_message") {
      this.#items.delete(item.id);
    }
    this.#set(item, "failed");
    item.reject(error);
  }

  #set(item, state) {
    item.state = state;
    this.#keep();
    this.#io.changed(item);
  }

  #keep() {
    const open = [...this.#items.values()].filter((i) => i.state !== "acked");
    if (open.length === 0) {
      this.#io.storage?.removeItem(KEY);
      return;
    }
    const text = JSON.stringify(open.map(({ frame, at, firstSentAt, userId, error }) => ({ frame, at, firstSentAt, userId, error: error && { code: error.code, message: error.message } })));
    this.#io.storage?.setItem(KEY, text);
  }

  /** Takes up what an earlier program has left. */
  #restore() {
    for (const { frame, at, firstSentAt, userId, error } of parse(this.#io.storage?.getItem(KEY))) {
      const failed = error && new ChatError(error.code, error.message);
      const nobody = { resolve() {}, reject() {} }; // waits for the answer any more
      this.#items.set(frame.id, { id: frame.id, frame, room: frame.room, state: failed ? "failed" : "queued", at, firstSentAt, userId, error: failed, attempts: 0, ...nobody });
    }
  }
}

/** @returns {object[]} what #keep wrote; nothing where somebody else wrote */
function parse(text) {
  try {
    return JSON.parse(text).filter((item) => typeof item.frame.id === "string" && typeof item.frame.room === "string");
  } catch {
    return [];
  }
}
