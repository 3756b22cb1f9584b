import { el } from "../ui/dom.js";

/**
 * A table whose rows are kept while they are shown, so that selections and the reading position of a
 * screen reader survive each refresh.
 *
 * A column is {title, of: (row) => string | Node, number?, minor?}: numbers are aligned to the right, minor
 * columns are left out on a phone. The first one names the row.
 */
export class Table {
  #columns;
  #key;
  #mark;
  #rows = new Map();
  #body = el("tbody");

  /** @param {HTMLTableElement} table @param {object[]} columns @param {(row: object) => string} key @param {(row: object) => Record<string, unknown>} [mark] data attributes of a row */
  constructor(table, columns, key, mark = () => ({})) {
    this.#columns = columns;
    this.#key = key;
    this.#mark = mark;
    const heads = columns.map((column) => el("th", { scope: "col", class: classOf(column) }, column.title));
    table.append(el("thead", {}, el("tr", {}, ...heads)), this.#body);
  }

  show(rows) {
    const kept = new Map();
    for (const row of rows) {
      const key = this.#key(row);
      const shown = this.#rows.get(key) ?? this.#add(key);
      this.#fill(shown, row);
      kept.set(key, shown);
    }
    this.#rows = kept;
    const order = [...kept.values()];
    if (order.length !== this.#body.children.length || order.some((node, i) => node !== this.#body.children[i])) {
      this.#body.replaceChildren(...order);
    }
  }

  #add(key) {
    const cells = this.#columns.map((column, i) => (i === 0 ? el("th", { scope: "row" }) : el("td", { class: classOf(column) })));
    return el("tr", { "data-key": key }, ...cells);
  }

  #fill(node, row) {
    Object.assign(node.dataset, this.#mark(row));
    this.#columns.forEach((column, i) => {
      const content = column.of(row);
      const cell = node.children[i];
      if (content instanceof Node) {
        cell.replaceChildren(content);
      } else if (cell.textContent !== content) {
        cell.textContent = content;
      }
    });
  }
}

function classOf({ number, minor }) {
  return [number && "number", minor && "minor"].filter(Boolean).join(" ") || null;
}
