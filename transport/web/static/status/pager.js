import { el } from "../ui/dom.js";
import { count } from "./format.js";

/** The buttons that page through a list. */
export class Pager {
  #root;
  #text = el("span.pages-text");
  #list = { offset: 0, limit: 1 };

  /** @param {HTMLElement} root @param {(offset: number) => void} onPage requests the page that starts at offset */
  constructor(root, onPage) {
    this.#root = root;
    const step = (sign) => onPage(Math.max(0, this.#list.offset + sign * this.#list.limit));
    this.previous = el("button.quiet-button", { type: "button", "data-action": "previous", click: () => step(-1) }, "Previous");
    this.next = el("button.quiet-button", { type: "button", "data-action": "next", click: () => step(1) }, "Next");
    root.append(this.previous, this.#text, this.next);
  }

  /** @param {{total: number, paged: number, offset: number, limit: number, data: object[]}} list */
  show(list) {
    this.#list = list;
    const { total, paged, offset, limit, data } = list;
    this.#root.hidden = offset === 0 && paged <= limit;
    this.previous.disabled = offset === 0;
    this.next.disabled = offset + limit >= paged;
    const range = data.length > 0 ? `${count(offset + 1)}–${count(offset + data.length)}` : "none";
    this.#text.textContent = `${range} of ${count(total)}`;
  }
}
