/**
 * RoomLog contains a window of the messages of one room. All entries up to `seq` have been applied. It is pure: it has
 * no I/O and no clock. Each method that accepts a frame returns an Effect.
 *
 * @typedef {object} Message
 * @property {string} id
 * @property {number} [seq] absent while provisional
 * @property {boolean} [provisional]
 * @property {string} userId
 * @property {string} [userName]
 * @property {string} [userAvatar]
 * @property {string} message
 * @property {string} [createdAt] RFC 3339
 * @property {string} [editedAt] RFC 3339
 *
 * @typedef {object} Effect
 * @property {boolean} changed whether the messages changed
 * @property {Message[]} added new messages, oldest first
 */

// Maximum number of frames buffered after a gap. Further frames are dropped, because the repair delivers them again.
const MAX_BUFFERED = 2000;
// Maximum number of edits and deletions stored. They are applied again to history pages that the server read earlier.
const MAX_CHANGES = 500;

export class RoomLog {
  epoch = "";
  /** All entries up to this seq have been applied. */
  seq = 0;
  /** The lowest seq in the window; older messages are loaded by `history`. */
  from = 0;
  /** Whether the server has older messages. */
  more = false;
  /** Whether a history has been received. */
  loaded = false;
  /** Whether a history that replaces the window is pending. Frames are buffered until it arrives. */
  reloading = false;

  #maxSeq = 0; // the highest seq received
  #messages = new Map();
  #buffered = new Map();
  #changes = [];
  #sorted = [];

  /** @returns {Message[]} oldest first, provisional ones last; do not modify */
  get messages() {
    this.#sorted ??= [...this.#messages.values()].sort(bySeq);
    return this.#sorted;
  }

  /** @returns {Message | undefined} */
  get(id) {
    return this.#messages.get(id);
  }

  /** Whether an entry is missing: a later one has been received. */
  get gap() {
    return this.loaded && !this.reloading && this.#maxSeq > this.seq;
  }

  /** The position to resume from. @returns {{epoch: string, seq: number} | null} */
  get position() {
    return this.loaded ? { epoch: this.epoch, seq: this.seq } : null;
  }

  /** Buffers frames until the next call of replace. */
  expectHistory() {
    this.reloading = true;
    this.#buffered.clear();
    this.#maxSeq = 0;
  }

  /**
   * Applies new_message, message_updated, message_deleted, bulk_delete or committed.
   * @returns {Effect}
   */
  receive(frame) {
    const effect = { changed: false, added: [] };
    if (frame.type === "committed") {
      for (const { id, seq } of frame.data) {
        this.#assignSeq(id, seq, effect);
      }
    } else if (frame.seq) {
      this.#buffer(frame);
    } else {
      this.#apply(frame, effect); // provisional: it has no seq yet
    }
    this.#applyBuffered(effect);
    return effect;
  }

  /** Replaces the window by a message_history. @returns {Effect} */
  replace(frame) {
    const before = this.#messages;
    this.#messages = new Map([...before].filter(([, m]) => m.provisional));
    this.#changes = [];
    Object.assign(this, { epoch: frame.epoch, seq: frame.seq, more: Boolean(frame.more), loaded: true, reloading: false });
    for (const data of frame.data) {
      this.#upsert(data, data.seq);
    }
    this.from = frame.data[0]?.seq ?? frame.seq + 1;
    const effect = { changed: true, added: frame.data.filter((m) => !before.has(m.id)) };
    this.#applyBuffered(effect);
    return effect;
  }

  /** Adds the older messages of a message_history. @returns {Effect} */
  prepend(frame, limit) {
    const effect = { changed: false, added: [] };
    if (frame.epoch !== this.epoch || this.reloading) {
      return effect;
    }
    for (const data of frame.data) {
      if (!this.#messages.get(data.id)?.seq) {
        this.#upsert(data, data.seq);
      }
    }
    for (const change of this.#changes.filter((c) => c.seq > frame.seq)) {
      this.#fold(change);
    }
    this.from = frame.data[0]?.seq ?? Math.max(1, this.from - limit);
    this.more = Boolean(frame.more);
    effect.changed = true;
    return effect;
  }

  /** Removes all but the newest keep messages. @returns {boolean} whether messages were removed */
  trim(keep) {
    const old = this.messages.slice(0, -keep).filter((m) => m.seq);
    if (old.length === 0) {
      return false;
    }
    for (const m of old) {
      this.#messages.delete(m.id);
    }
    this.#sorted = null;
    this.from = old.at(-1).seq + 1;
    this.more = true;
    return true;
  }

  /** Assigns a seq to a provisional message. The seq may be the next one or inside the window. */
  #assignSeq(id, seq, effect) {
    const known = this.#messages.get(id);
    if (known?.provisional && this.loaded && !this.reloading && seq <= this.seq) {
      this.#upsert(known, seq);
      effect.changed = true;
      return;
    }
    this.#buffer({ type: "seq_assigned", id, seq });
  }

  /** Removes the provisional messages, because the node just joined sends its own. */
  dropProvisional() {
    this.#messages = new Map([...this.#messages].filter(([, m]) => !m.provisional));
    this.#sorted = null;
  }

  #buffer(frame) {
    if (!this.reloading && frame.seq <= this.seq) {
      return;
    }
    this.#maxSeq = Math.max(this.#maxSeq, frame.seq);
    if (this.#buffered.size < MAX_BUFFERED) {
      this.#buffered.set(frame.seq, frame);
    }
  }

  /** Applies the buffered frames up to the next gap. */
  #applyBuffered(effect) {
    if (this.reloading || !this.loaded) {
      return;
    }
    let frame;
    while ((frame = this.#buffered.get(this.seq + 1))) {
      this.#buffered.delete(frame.seq);
      if (!this.#apply(frame, effect)) {
        return; // a seq was assigned to an entry that was not received: still a gap
      }
      this.seq = frame.seq;
    }
    for (const seq of this.#buffered.keys()) {
      if (seq <= this.seq) {
        this.#buffered.delete(seq);
      }
    }
  }

  /** @returns {boolean} false if the frame cannot be applied because its content is missing */
  #apply(frame, effect) {
    if (frame.type === "seq_assigned") {
      const known = this.#messages.get(frame.id);
      if (known) {
        this.#upsert(known, frame.seq);
        effect.changed = true;
      }
      return Boolean(known);
    }
    if (frame.type === "new_message") {
      this.#add(frame, effect);
      return true;
    }
    if (frame.seq) {
      this.#changes = [...this.#changes.slice(1 - MAX_CHANGES), frame];
    }
    effect.changed = this.#fold(frame) || effect.changed;
    return true;
  }

  #add(frame, effect) {
    const known = this.#messages.get(frame.data.id);
    if (known && !(known.provisional && frame.seq)) {
      return;
    }
    this.#upsert(frame.data, frame.seq);
    effect.changed = true;
    if (!known) {
      effect.added.push(this.#messages.get(frame.data.id));
    }
  }

  /** Applies an edit or a deletion to the window. @returns {boolean} whether it changed a message */
  #fold(frame) {
    if (frame.type === "bulk_delete") {
      const gone = this.messages.filter((m) => m.userId === frame.userId && (!frame.seq || m.seq < frame.seq));
      gone.forEach((m) => this.#remove(m.id));
      return gone.length > 0;
    }
    if (frame.type === "message_deleted") {
      const hasSeq = frame.takenBack && this.#messages.get(frame.messageId)?.seq; // assigned by the history
      return !hasSeq && this.#remove(frame.messageId);
    }
    const known = this.#messages.get(frame.data.id);
    if (known) {
      this.#upsert(frame.data, known.seq);
    }
    return Boolean(known);
  }

  #upsert(data, seq) {
    const message = { ...data, seq, provisional: !seq };
    this.#messages.set(data.id, message);
    this.#sorted = null;
  }

  #remove(id) {
    this.#sorted = null;
    return this.#messages.delete(id);
  }
}

// The sort is stable, so provisional messages keep their order of arrival.
function bySeq(a, b) {
  return (a.seq || Infinity) - (b.seq || Infinity) || 0;
}
