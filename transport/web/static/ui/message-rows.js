import { buildRow } from "./message-item.js";

/** The rows in the DOM. It updates only the rows that differ. */
export class MessageRows {
  #list;
  #actions;
  #nodes = new Map(); // key → {node, signature}

  /**
   * @param {HTMLOListElement} list
   * @param {import("./message-actions.js").MessageActions} actions
   */
  constructor(list, actions) {
    this.#list = list;
    this.#actions = actions;
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
    const built = buildRow(row, this.#actions);
    const node = known ? this.#replaceContent(known.node, built) : built;
    this.#nodes.set(row.key, { node, signature: row.signature });
    return node;
  }

  /** Copies attributes and children of built to node. The focus stays in the row. */
  #replaceContent(node, built) {
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
