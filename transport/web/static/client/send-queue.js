import { Backoff } from "./backoff.js";
import { ChatError, newId } from "./errors.js";

const ACK_TIMEOUT_MS = 10_000; // a write without an answer is then resent under the same id
const MAX_ATTEMPTS = 8; // a write fails after this many retryable errors
const STORAGE_KEY = "chatnode.unsent";
const MAX_RETRY_AGE_MS = 110_000; // below IDEMPOTENCY_WINDOW (2 minutes), during which the server detects duplicates

/**
 * A write that is queued, sent or failed.
 *
 * @typedef {object} Outgoing
 * @property {string} id the idempotency key, the same for every retry
 * @property {object} frame
 * @property {string} room
 * @property {"queued" | "sent" | "acked" | "failed"} state
 * @property {ChatError} [error] the reason, if it failed
 * @property {number} at time of writing, ms since the Unix epoch
 * @property {number} [firstSentAt] ms since the Unix epoch
 * @property {string} [userId] the user who sent it; the server stores ids per user
 * @property {string} [messageId] the id of the message, once it is acknowledged or delivered
 * @property {number} [seq] the seq from the ack, if it had one
 * @property {(ack: object) => void} resolve
 * @property {(error: ChatError) => void} reject
 */

/**
 * SendQueue sends writes in order, with at most one in flight per room. It resends each write, also on later
 * connections, until the server acknowledges it.
 */
export class SendQueue {
  #items = new Map();
  #io;
  #timer = null;
  #notBefore = 0; // of performance.now(), like sentAt, because the wall clock may change
  #backoff = new Backoff({ baseMs: 500, capMs: 10_000 });
  #userId = null;

  /**
   * @param {object} io
   * @param {(frame: object) => boolean} io.send
   * @param {(room: string) => boolean} io.ready
   * @param {(room: string) => ChatError | null} io.refused the reason, if the server refused the join
   * @param {() => void} io.ackTimeout called if an ack is overdue, to check the connection
   * @param {(item: Outgoing) => void} io.changed
   * @param {number} [io.maxQueued] maximum number of unacknowledged writes (200)
   * @param {Pick<Storage, "getItem" | "setItem" | "removeItem">} [io.storage] stores unacknowledged writes for the next
   *   run of the program
   */
  constructor(io) {
    this.#io = io;
    this.#restore();
  }

  /** @returns {Outgoing[]} new messages of the room that are not yet in its log, oldest first */
  pending(room) {
    return [...this.#items.values()].filter((i) => i.room === room && i.frame.type === "send_message");
  }

  /** @returns {number} writes without an answer */
  get size() {
    return [...this.#items.values()].filter((i) => i.state === "queued" || i.state === "sent").length;
  }

  /**
   * @param {object} frame a write without an id
   * @returns {Promise<object>} the `ack`; rejects with a ChatError
   */
  add(frame) {
    if (this.#items.size >= (this.#io.maxQueued ?? 200)) {
      return Promise.reject(new ChatError("queue_full", "Too many messages are waiting to be sent"));
    }
    const id = newId();
    const item = { id, frame: { ...frame, id }, room: frame.room, state: "queued", at: Date.now(), attempts: 0 };
    const answer = new Promise((resolve, reject) => Object.assign(item, { resolve, reject }));
    answer.catch(() => {}); // the caller may ignore the promise, because io.changed reports failures too
    this.#items.set(id, item);
    this.#setState(item, "queued");
    this.pump();
    return answer;
  }

  /** Sends the writes that are due now. */
  pump() {
    clearTimeout(this.#timer);
    const now = performance.now();
    const busy = new Set();
    let nextPumpAt = Infinity;
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
      const due = Math.max(this.#notBefore, item.state === "sent" ? item.sentAt + ACK_TIMEOUT_MS : 0);
      if (due <= now && this.#io.ready(item.room)) {
        this.#transmit(item);
      }
      nextPumpAt = Math.min(nextPumpAt, due <= now ? now + ACK_TIMEOUT_MS : due);
    }
    if (nextPumpAt < Infinity) {
      this.#timer = setTimeout(() => this.pump(), nextPumpAt - now);
    }
  }

  #transmit(item) {
    const now = Date.now(); // firstSentAt must be valid in the next run of the program
    if (item.firstSentAt && now - item.firstSentAt > MAX_RETRY_AGE_MS) {
      this.#fail(item, new ChatError("uncertain", "This may or may not have been sent"));
      return;
    }
    if (item.state === "sent") {
      this.#io.ackTimeout();
    }
    if (this.#io.send(item.frame)) {
      item.firstSentAt ??= now;
      item.userId = this.#userId;
      item.sentAt = performance.now();
      this.#setState(item, "sent");
    }
  }

  /** @returns {boolean} whether the ack was for a write of this queue */
  onAck(frame) {
    const item = this.#items.get(frame.id);
    if (!item) {
      return false;
    }
    this.#backoff.reset();
    Object.assign(item, { messageId: frame.messageId, seq: frame.seq });
    if (item.frame.type !== "send_message") {
      this.#items.delete(item.id);
    }
    this.#setState(item, "acked");
    item.resolve(frame);
    this.pump();
    return true;
  }

  /** Delays all writes and resends the throttled ones under the same id. @param {object} frame `throttled` */
  onThrottled(frame) {
    const all = [...this.#items.values()];
    this.#delay(frame.retryAfterMs, frame.id ? all.filter((i) => i.id === frame.id) : all);
  }

  /** @returns {boolean} whether the error was for a write of this queue */
  onError(frame) {
    const item = this.#items.get(frame.id);
    if (!item || item.state === "acked") {
      return Boolean(item);
    }
    item.attempts += 1;
    if ((frame.retry || frame.code === "not_joined" || frame.code === "unauthorized") && item.attempts < MAX_ATTEMPTS) {
      this.#delay(frame.retryAfterMs ?? this.#backoff.next(100), [item]);
    } else {
      this.#fail(item, ChatError.from(frame));
    }
    this.pump();
    return true;
  }

  #delay(ms, items) {
    this.#notBefore = Math.max(this.#notBefore, performance.now() + ms);
    this.#requeue(items);
    this.pump();
  }

  /** Requeues the writes in flight; the next connection resends them. */
  onDisconnected() {
    clearTimeout(this.#timer);
    this.#notBefore = 0;
    this.#requeue([...this.#items.values()]);
  }

  #requeue(items) {
    for (const item of items.filter((i) => i.state === "sent")) {
      this.#setState(item, "queued");
    }
  }

  /** Sets the user. Writes sent as another user fail, because the server would not recognize a retry as a duplicate. */
  setUser(userId) {
    this.#userId = userId;
    for (const item of this.#items.values()) {
      if (item.firstSentAt && item.state === "queued" && item.userId !== userId) {
        this.#fail(item, new ChatError("uncertain", "This may or may not have been sent"));
      }
    }
  }

  /**
   * Matches received messages with the queue. An acknowledged write that was delivered is removed. A write without an
   * ack is linked to a delivered message with the same text, so that the page does not display it twice.
   * @param {string} room
   * @param {{get(id: string): object, seq: number}} log
   * @param {object[]} added new messages of this user
   */
  matchDelivered(room, log, added) {
    for (const message of added) {
      const twin = this.pending(room).find((i) => !i.messageId && i.firstSentAt && i.frame.message === message.message);
      if (twin) {
        twin.messageId = message.id;
      }
    }
    for (const item of this.pending(room)) {
      const delivered = item.messageId && (log.get(item.messageId) || (item.seq && item.seq <= log.seq));
      if (item.state === "acked" && delivered) {
        this.#items.delete(item.id);
      } else if (item.state === "queued" && delivered && Date.now() - item.firstSentAt > MAX_RETRY_AGE_MS) {
        this.#items.delete(item.id); // too old for a retry, but it was delivered
        this.#persist();
        item.resolve({ type: "ack", id: item.id, room, messageId: item.messageId, duplicate: true });
      }
    }
  }

  /** Resends a failed write. It gets a new id only if the old one cannot be reused. */
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
    this.#setState(item, "queued");
    this.pump();
  }

  /** Removes a write that has not been acknowledged. */
  discard(id) {
    const item = this.#items.get(id);
    if (item && this.#items.delete(id)) {
      this.#persist();
      item.reject(new ChatError("discarded", "This was discarded"));
      this.#io.changed(item);
    }
  }

  /** Discards all writes of a room. */
  discardRoom(room) {
    for (const item of [...this.#items.values()].filter((i) => i.room === room)) {
      this.discard(item.id);
    }
  }

  #fail(item, error) {
    item.error = error;
    if (item.frame.type !== "send_message") {
      this.#items.delete(item.id);
    }
    this.#setState(item, "failed");
    item.reject(error);
  }

  #setState(item, state) {
    item.state = state;
    this.#persist();
    this.#io.changed(item);
  }

  #persist() {
    const open = [...this.#items.values()].filter((i) => i.state !== "acked");
    if (open.length === 0) {
      this.#io.storage?.removeItem(STORAGE_KEY);
      return;
    }
    const text = JSON.stringify(open.map(({ frame, at, firstSentAt, userId, error }) => ({ frame, at, firstSentAt, userId, error: error && { code: error.code, message: error.message } })));
    this.#io.storage?.setItem(STORAGE_KEY, text);
  }

  /** Restores the writes that an earlier run of the program stored. */
  #restore() {
    for (const { frame, at, firstSentAt, userId, error } of parse(this.#io.storage?.getItem(STORAGE_KEY))) {
      const failed = error && new ChatError(error.code, error.message);
      const noCaller = { resolve() {}, reject() {} }; // the promise ended with the earlier run
      this.#items.set(frame.id, { id: frame.id, frame, room: frame.room, state: failed ? "failed" : "queued", at, firstSentAt, userId, error: failed, attempts: 0, ...noCaller });
    }
  }
}

/** @returns {object[]} the items that #persist stored; empty if the text has another format */
function parse(text) {
  try {
    return JSON.parse(text).filter((item) => typeof item.frame.id === "string" && typeof item.frame.room === "string");
  } catch {
    return [];
  }
}
