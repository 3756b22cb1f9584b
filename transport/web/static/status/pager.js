import { el } from "../ui/dom.js";
import { count } from "./format.js";

/** The buttons that turn the pages of a list. */
export class Pager {
  #root;
  #text = el("span.pages-text");
  #list = { offset: 0, limit: 1 };

  /** @param {HTMLElement} root @param {(offset: number) => void} turn asks for the page that begins there */
  constructor(root, turn) {
    this.#root = root;
    const step = (sign) => turn(Math.max(0, this.#list.offset + sign * this.#list.limit));
    this.back = el("button.quiet-button", { type: "button", "data-action": "back", click: () => step(-1) }, "Previous");
    this.on = el("button.quiet-button", { type: "button", "data-action": "on", click: () => step(1) }, "Next");
    root.append(this.back, this.#text, this.on);
  }

  /** @param {{total: number, paged: number, offset: number, limit: number, data: object[]}} list */
  show(list) {
    this.#list = list;
    const { total, paged, offset, limit, data } = list;
    this.#root.hidden = offset === 0 && paged <= limit;
    this.back.disabled = offset === 0;
    this.on.disabled = offset + limit >= paged;
    const range = data.length > 0 ? `${count(offset + 1)}–${count(offset + data.length)}` : "none";
    this.#text.textContent = `${range} of ${count(total)}`;
  }
}
