const STEP = 80; // messages that one look further brings
const MAX = 240; // messages that are drawn at a time

/**
 * Which part of a room's messages is drawn: the newest, or at most MAX around the place that is being read. So a
 * page stays as fast with ten thousand messages as with two hundred.
 */
export class ViewWindow {
  #last = null; // seq of the last message that is drawn; null: the newest, whichever that is
  #count = STEP;

  /** The newest message is drawn. */
  get tail() {
    return this.#last === null;
  }

  /** Shows the newest again, and no more than need be. */
  reset() {
    this.#last = null;
    this.#count = STEP;
  }

  /** @param {{seq?: number}[]} messages all of them, in order @returns {object[]} those to be drawn */
  of(messages) {
    const end = this.#end(messages);
    return messages.slice(Math.max(0, end - this.#count), end);
  }

  /** Goes towards older messages. @returns {boolean} false if the first is drawn already */
  up(messages) {
    const end = this.#end(messages);
    const start = Math.max(0, end - this.#count);
    if (start > 0) {
      this.#show(messages, Math.max(0, start - STEP), end, "start");
    }
    return start > 0;
  }

  /** Goes towards newer messages. @returns {boolean} false if the newest is drawn already */
  down(messages) {
    const end = this.#end(messages);
    if (end < messages.length) {
      this.#show(messages, Math.max(0, end - this.#count), Math.min(messages.length, end + STEP), "end");
    }
    return end < messages.length;
  }

  /** So many messages have come at the end, and the reader is elsewhere: what they see stays. */
  grown(messages, by) {
    if (this.tail) {
      const start = Math.max(0, messages.length - this.#count - by);
      this.#show(messages, start, messages.length, "start");
    }
  }

  /** Draws from start to end; where that is too much, what is at the other side than keep goes. */
  #show(messages, start, end, keep) {
    const from = keep === "start" ? start : Math.max(start, end - MAX);
    const to = Math.min(end, from + MAX);
    this.#count = to - from;
    this.#last = to < messages.length ? messages[to - 1].seq : null;
  }

  #end(messages) {
    const end = this.tail ? 0 : messages.findLastIndex((m) => (m.seq ?? Infinity) <= this.#last) + 1;
    if (end === 0) {
      this.#last = null; // all of it is gone: then the newest
    }
    return end || messages.length;
  }
}
