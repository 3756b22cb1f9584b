import { byId } from "./dom.js";
import { nameOf } from "./text.js";

const FIRST_MS = 100; // what comes together is said together
const PACE_MS = 1200; // from one announcement to the next
const SPOKEN_MAX = 3; // messages that are read out; of more, their number

/**
 * Says to screen readers what others see happen. The log itself is silent: it would read out every page of
 * history and every room that is opened, and in a busy room it would never end.
 */
export class Announcer {
  #texts = [];
  #messages = [];
  #timer = null;

  /** @param {string} text */
  say(text) {
    this.#texts.push(text);
    this.#soon();
  }

  /** @param {object[]} messages of others, in the open room */
  came(messages) {
    this.#messages.push(...messages);
    this.#soon();
  }

  #soon() {
    this.#timer ??= setTimeout(() => this.#speak(), FIRST_MS);
  }

  #speak() {
    const spoken = this.#messages.length > SPOKEN_MAX ? [`${this.#messages.length} new messages`] : this.#messages.map((m) => `${nameOf(m)}: ${m.message}`);
    byId("announcer").textContent = [...this.#texts, ...spoken].join(" ");
    this.#texts = [];
    this.#messages = [];
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#texts.length + this.#messages.length > 0) {
        this.#speak();
      }
    }, PACE_MS);
  }
}
