import { byId } from "./dom.js";
import { displayName } from "./format.js";

const BATCH_DELAY_MS = 100; // events within this time are announced together
const MIN_INTERVAL_MS = 1200; // between two announcements
const MAX_SPOKEN = 3; // if there are more messages, only their number is announced

/**
 * Announcer announces events to screen readers. The log itself is not a live region, because screen readers would read
 * each history page and each opened room, and could not keep up with a busy room.
 */
export class Announcer {
  #texts = [];
  #messages = [];
  #timer = null;

  /** @param {string} text */
  announce(text) {
    this.#texts.push(text);
    this.#schedule();
  }

  /** @param {object[]} messages of other users in the open room */
  announceMessages(messages) {
    this.#messages.push(...messages);
    this.#schedule();
  }

  #schedule() {
    this.#timer ??= setTimeout(() => this.#flush(), BATCH_DELAY_MS);
  }

  #flush() {
    const spoken = this.#messages.length > MAX_SPOKEN ? [`${this.#messages.length} new messages`] : this.#messages.map((m) => `${displayName(m)}: ${m.message}`);
    byId("announcer").textContent = [...this.#texts, ...spoken].join(" ");
    this.#texts = [];
    this.#messages = [];
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#texts.length + this.#messages.length > 0) {
        this.#flush();
      }
    }, MIN_INTERVAL_MS);
  }
}
