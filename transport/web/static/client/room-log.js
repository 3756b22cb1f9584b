/**
 * What a client knows of one room: a window of its messages, and the position up to which it has
 * seen everything. Pure: no I/O, no clock. Every method that takes a frame returns an Effect.
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
 * @property {boolean} changed the messages differ from before
 * @property {Message[]} added messages that were not known before, oldest first
 */

// More frames than this ahead of a gap are dropped: the repair brings them again.
const HELD_MAX = 2000;
// Edits and deletions remembered for pages of history that were read before them.
const CHANGES_MAX = 500;

export class RoomLog {
  epoch = "";
  /** Everything up to here was seen. */
  seq = 0;
  /** The lowest seq that the window covers; older messages are a matter of `history`. */
  from = 0;
  /** There are older messages on the server. */
  more = false;
  /** A first history has been received. */
  loaded = false;
  /** A history that will replace the window is awaited; frames are held until it is here. */
  reloading = false;

  #highest = 0; // the highest seq heard of
  #messages = new Map();
  #held = new Map();
  #changes = [];
  #sorted = [];

  /** @returns {Message[]} oldest first; provisional ones last. Not to be modified. */
  get messages() {
    this.#sorted ??= [...this.#messages.values()].sort(byPlace);
    return this.#sorted;
  }

  /** @returns {Message | undefined} */
  get(id) {
    return this.#messages.get(id);
  }

  /** A frame is missing: something later than the next in order was heard of. */
  get gap() {
    return this.loaded && !this.reloading && this.#highest > this.seq;
  }

  /** Where to resume from. @returns {{epoch: string, seq: number} | null} */
  get position() {
    return this.loaded ? { epoch: this.epoch, seq: this.seq } : null;
  }

  /** Holds frames from now on until the next replace(). */
  expectHistory() {
    this.reloading = true;
    this.#held.clear();
    this.#highest = 0;
  }

  /**
   * Takes new_message, message_updated, message_deleted, bulk_delete or committed.
   * @returns {Effect}
   */
  receive(frame) {
    const effect = { changed: false, added: [] };
    if (frame.type === "committed") {
      for (const { id, seq } of frame.data) {
        this.#place(id, seq, effect);
      }
    } else if (frame.seq) {
      this.#hold(frame);
    } else {
      this.#apply(frame, effect); // provisional: it has no place in the order yet
    }
    this.#drain(effect);
    return effect;
  }

  /** A message_history that replaces the window. @returns {Effect} */
  replace(frame) {
    const before = this.#messages;
    this.#messages = new Map([...before].filter(([, m]) => m.provisional));
    this.#changes = [];
    Object.assign(this, { epoch: frame.epoch, seq: frame.seq, more: Boolean(frame.more), loaded: true, reloading: false });
    for (const data of frame.data) {
      this.#put(data, data.seq);
    }
    this.from = frame.data[0]?.seq ?? frame.seq + 1;
    const effect = { changed: true, added: frame.data.filter((m) => !before.has(m.id)) };
    this.#drain(effect);
    return effect;
  }

  /** A message_history that answers a request for older messages. @returns {Effect} */
  prepend(frame, limit) {
    const effect = { changed: false, added: [] };
    if (frame.epoch !== this.epoch || this.reloading) {
      return effect;
    }
    for (const data of frame.data) {
      if (!this.#messages.get(data.id)?.seq) {
        this.#put(data, data.seq);
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

  /** Forgets all but the newest keep messages. @returns {boolean} whether any went */
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

  /** The place of a provisional message: next in order, or further up in the history. */
  #place(id, seq, effect) {
    const known = this.#messages.get(id);
    if (known?.provisional && this.loaded && !this.reloading && seq <= this.seq) {
      this.#put(known, seq);
      effect.changed = true;
      return;
    }
    this.#hold({ type: "placed", id, seq });
  }

  /** Forgets the provisional messages: the node that was joined shows its own. */
  dropProvisional() {
    this.#messages = new Map([...this.#messages].filter(([, m]) => !m.provisional));
    this.#sorted = null;
  }

  #hold(frame) {
    if (!this.reloading && frame.seq <= this.seq) {
      return;
    }
    this.#highest = Math.max(this.#highest, frame.seq);
    if (this.#held.size < HELD_MAX) {
      this.#held.set(frame.seq, frame);
    }
  }

  /** Applies what is next in order, as far as it goes. */
  #drain(effect) {
    if (this.reloading || !this.loaded) {
      return;
    }
    let frame;
    while ((frame = this.#held.get(this.seq + 1))) {
      this.#held.delete(frame.seq);
      if (!this.#apply(frame, effect)) {
        return; // the place of an entry whose content never came: still a gap
      }
      this.seq = frame.seq;
    }
    for (const seq of this.#held.keys()) {
      if (seq <= this.seq) {
        this.#held.delete(seq);
      }
    }
  }

  /** @returns {boolean} false if the frame cannot be applied for want of content */
  #apply(frame, effect) {
    if (frame.type === "placed") {
      const known = this.#messages.get(frame.id);
      if (known) {
        this.#put(known, frame.seq);
        effect.changed = true;
      }
      return Boolean(known);
    }
    if (frame.type === "new_message") {
      this.#add(frame, effect);
      return true;
    }
    if (frame.seq) {
      this.#changes = [...this.#changes.slice(1 - CHANGES_MAX), frame];
    }
    effect.changed = this.#fold(frame) || effect.changed;
    return true;
  }

  #add(frame, effect) {
    const known = this.#messages.get(frame.data.id);
    if (known && !(known.provisional && frame.seq)) {
      return;
    }
    this.#put(frame.data, frame.seq);
    effect.changed = true;
    if (!known) {
      effect.added.push(this.#messages.get(frame.data.id));
    }
  }

  /** Folds an edit or a deletion into the window. @returns {boolean} whether it touched anything */
  #fold(frame) {
    if (frame.type === "bulk_delete") {
      const gone = this.messages.filter((m) => m.userId === frame.userId && (!frame.seq || m.seq < frame.seq));
      gone.forEach((m) => this.#remove(m.id));
      return gone.length > 0;
    }
    if (frame.type === "message_deleted") {
      const placed = frame.takenBack && this.#messages.get(frame.messageId)?.seq; // by the history meanwhile
      return !placed && this.#remove(frame.messageId);
    }
    const known = this.#messages.get(frame.data.id);
    if (known) {
      this.#put(frame.data, known.seq);
    }
    return Boolean(known);
  }

  #put(data, seq) {
    const message = { ...data, seq, provisional: !seq };
    this.#messages.set(data.id, message);
    this.#sorted = null;
  }

  #remove(id) {
    this.#sorted = null;
    return this.#messages.delete(id);
  }
}

// Map order breaks ties, so provisional messages stay in the order of their arrival.
function byPlace(a, b) {
  return (a.seq || Infinity) - (b.seq || Infinity) || 0;
}
