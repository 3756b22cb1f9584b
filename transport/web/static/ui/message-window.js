const STEP = 80; // messages added by one extension
const MAX_DRAWN = 240;

/**
 * MessageWindow is the range of messages that is drawn: the newest ones, or at most MAX_DRAWN around the scroll
 * position. The cost of drawing therefore does not depend on the number of loaded messages.
 */
export class MessageWindow {
  #last = null; // seq of the last message drawn; null: the newest one
  #count = STEP;

  /** Whether the newest message is drawn. */
  get showsNewest() {
    return this.#last === null;
  }

  /** Resets the window to the newest STEP messages. */
  reset() {
    this.#last = null;
    this.#count = STEP;
  }

  /** @param {{seq?: number}[]} messages all loaded messages, in order @returns {object[]} the messages to draw */
  slice(messages) {
    const end = this.#end(messages);
    return messages.slice(Math.max(0, end - this.#count), end);
  }

  /** Adds older messages. @returns {boolean} false if the oldest loaded message is already drawn */
  extendOlder(messages) {
    const end = this.#end(messages);
    const start = Math.max(0, end - this.#count);
    if (start > 0) {
      this.#setRange(messages, Math.max(0, start - STEP), end, "start");
    }
    return start > 0;
  }

  /** Adds newer messages. @returns {boolean} false if the newest message is already drawn */
  extendNewer(messages) {
    const end = this.#end(messages);
    if (end < messages.length) {
      this.#setRange(messages, Math.max(0, end - this.#count), Math.min(messages.length, end + STEP), "end");
    }
    return end < messages.length;
  }

  /** Keeps the drawn messages after count messages were appended. */
  keepPosition(messages, count) {
    if (this.showsNewest) {
      const start = Math.max(0, messages.length - this.#count - count);
      this.#setRange(messages, start, messages.length, "start");
    }
  }

  /** Sets the range. If it exceeds MAX_DRAWN, it is cut at the end that is not keep. */
  #setRange(messages, start, end, keep) {
    const from = keep === "start" ? start : Math.max(start, end - MAX_DRAWN);
    const to = Math.min(end, from + MAX_DRAWN);
    this.#count = to - from;
    this.#last = to < messages.length ? messages[to - 1].seq : null;
  }

  #end(messages) {
    const end = this.showsNewest ? 0 : messages.findLastIndex((m) => (m.seq ?? Infinity) <= this.#last) + 1;
    if (end === 0) {
      this.#last = null; // the range was deleted: draw the newest
    }
    return end || messages.length;
  }
}
