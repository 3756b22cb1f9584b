import { byId } from "../ui/dom.js";
import { Cards } from "./cards.js";
import { showHealth } from "./health-banner.js";
import { Pager } from "./pager.js";
import { SampleHistory } from "./sample-history.js";
import { instancesTable, kindsTable, linksTable, processesTable, roomsTable, showJournal } from "./tables.js";

/** View displays a response, and stores the query of the next request. */
export class View {
  /** Offsets and order of the lists in the next request. */
  query = { instances_offset: 0, rooms_offset: 0, actors_offset: 0, rooms_sort: "size" };
  #samples = new SampleHistory();
  #cards = new Cards(byId("cards"));
  #parts = [showHealth, showJournal, instancesTable(), linksTable(), roomsTable(), kindsTable(), processesTable()];
  #onQueryChange;
  #pagers;

  /** @param {() => void} onQueryChange called if the user selected another page or order */
  constructor(onQueryChange) {
    this.#onQueryChange = onQueryChange;
    const pager = (name, field) => new Pager(byId(`${name}-pages`), (offset) => this.#setQuery({ [field]: offset }));
    this.#pagers = {
      instances: pager("instances", "instances_offset"),
      rooms: pager("rooms", "rooms_offset"),
      processes: pager("processes", "actors_offset"),
    };
    for (const button of document.querySelectorAll("#rooms-sort [data-sort]")) {
      button.addEventListener("click", () => this.#setSort(button.dataset.sort));
    }
  }

  #setQuery(part) {
    Object.assign(this.query, part);
    this.#onQueryChange();
  }

  #setSort(order) {
    for (const button of document.querySelectorAll("#rooms-sort [data-sort]")) {
      button.setAttribute("aria-pressed", String(button.dataset.sort === order));
    }
    this.#setQuery({ rooms_sort: order, rooms_offset: 0 });
  }

  /** @param {object} response of /status/data */
  show(response) {
    byId("node-name").textContent = response.instanceId;
    byId("node-name").title = `chatnode ${response.version}`;
    for (const part of this.#parts) {
      part(response);
    }
    for (const [name, pager] of Object.entries(this.#pagers)) {
      pager.show(response[name]);
    }
    this.#cards.show(this.#samples.add(response));
    byId("figures").hidden = false;
    document.title = `${response.link.mode === "ok" ? "" : `${response.link.mode}: `}${response.instanceId} – chatnode`;
  }

  /** Removes all figures, because another admin may sign in. */
  clear() {
    this.#samples.clear();
    byId("figures").hidden = true;
    byId("node-name").textContent = "";
    document.title = "Status – chatnode";
  }
}
