import { buildRow } from "./message-item.js";

/** The rows on the page: changes them into others, touching only what differs. */
export class MessageRows {
  #list;
  #acts;
  #nodes = new Map(); // key → {node, signature}

  /**
   * @param {HTMLOListElement} list
   * @param {import("./message-acts.js").MessageActs} acts
   */
  constructor(list, acts) {
    this.#list = list;
    this.#acts = acts;
  }

  /** @returns {HTMLLIElement | undefined} the row of a message */
  get(id) {
    return this.#nodes.get(id)?.node;
  }

  /** @param {import("./timeline.js").Row[]} rows */
  reconcile(rows) {
    const keys = new Set(rows.map((row) => row.key));
    for (const [key, { node }] of this.#nodes) {
      if (!keys.has(key)) {
        node.remove();
        this.#nodes.delete(key);
      }
    }
    let next = this.#list.firstElementChild;
    for (const row of rows) {
      const node = this.#node(row);
      if (node === next) {
        next = next.nextElementSibling;
      } else {
        this.#list.insertBefore(node, next);
      }
    }
  }

  #node(row) {
    const known = this.#nodes.get(row.key);
    if (known?.signature === row.signature) {
      return known.node;
    }
    const built = buildRow(row, this.#acts);
    const node = known ? this.#turn(known.node, built) : built;
    this.#nodes.set(row.key, { node, signature: row.signature });
    return node;
  }

  /** Makes one element look like another, in its place, and with the focus if it had it. */
  #turn(node, built) {
    const focused = node.contains(document.activeElement);
    for (const name of node.getAttributeNames()) {
      node.removeAttribute(name);
    }
    for (const { name, value } of built.attributes) {
      node.setAttribute(name, value);
    }
    node.replaceChildren(...built.childNodes);
    if (focused) {
      (node.querySelector("textarea") ?? node).focus({ preventScroll: true });
    }
    return node;
  }
}
