import { el } from "../ui/dom.js";

/**
 * A table that updates its rows in place, so that a refresh preserves selections and the position of a screen reader.
 *
 * A column is {title, cell: (row) => string | Node, number?, minor?}. Number columns are aligned to the right. Minor
 * columns are hidden on a phone. The first column is the row header.
 */
export class Table {
  #columns;
  #key;
  #rowData;
  #rows = new Map();
  #body = el("tbody");

  /**
   * @param {HTMLTableElement} table
   * @param {object[]} columns
   * @param {(row: object) => string} key
   * @param {(row: object) => Record<string, unknown>} [rowData] data attributes of a row
   */
  constructor(table, columns, key, rowData = () => ({})) {
    this.#columns = columns;
    this.#key = key;
    this.#rowData = rowData;
    const heads = columns.map((column) => el("th", { scope: "col", class: classOf(column) }, column.title));
    table.append(el("thead", {}, el("tr", {}, ...heads)), this.#body);
  }

  show(rows) {
    const current = new Map();
    for (const row of rows) {
      const key = this.#key(row);
      const shown = this.#rows.get(key) ?? this.#add(key);
      this.#fill(shown, row);
      current.set(key, shown);
    }
    this.#rows = current;
    const order = [...current.values()];
    if (order.length !== this.#body.children.length || order.some((node, i) => node !== this.#body.children[i])) {
      this.#body.replaceChildren(...order);
    }
  }

  #add(key) {
    const cells = this.#columns.map((column, i) => (i === 0 ? el("th", { scope: "row" }) : el("td", { class: classOf(column) })));
    return el("tr", { "data-key": key }, ...cells);
  }

  #fill(node, row) {
    Object.assign(node.dataset, this.#rowData(row));
    this.#columns.forEach((column, i) => {
      const content = column.cell(row);
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
