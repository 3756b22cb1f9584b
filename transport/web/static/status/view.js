import { byId } from "../ui/dom.js";
import { Cards } from "./cards.js";
import { History } from "./history.js";
import { showMode } from "./mode.js";
import { Pager } from "./pager.js";
import { instancesTable, kindsTable, linksTable, processesTable, roomsTable, showJournal } from "./tables.js";

/** Everything that the page shows of an answer, and which part of the lists it asks for. */
export class View {
  /** the query of the next pull */
  wanted = { instances_offset: 0, rooms_offset: 0, actors_offset: 0, rooms_sort: "size" };
  #history = new History();
  #cards = new Cards(byId("cards"));
  #parts = [showMode, showJournal, instancesTable(), linksTable(), roomsTable(), kindsTable(), processesTable()];
  #changed;
  #pagers;

  /** @param {() => void} changed another part of a list is wanted */
  constructor(changed) {
    this.#changed = changed;
    const pager = (name, field) => new Pager(byId(`${name}-pages`), (offset) => this.#want({ [field]: offset }));
    this.#pagers = {
      instances: pager("instances", "instances_offset"),
      rooms: pager("rooms", "rooms_offset"),
      processes: pager("processes", "actors_offset"),
    };
    for (const button of document.querySelectorAll("#rooms-sort [data-sort]")) {
      button.addEventListener("click", () => this.#sort(button.dataset.sort));
    }
  }

  #want(part) {
    Object.assign(this.wanted, part);
    this.#changed();
  }

  #sort(order) {
    for (const button of document.querySelectorAll("#rooms-sort [data-sort]")) {
      button.setAttribute("aria-pressed", String(button.dataset.sort === order));
    }
    this.#want({ rooms_sort: order, rooms_offset: 0 });
  }

  /** @param {object} answer of /status/data */
  show(answer) {
    byId("node-name").textContent = answer.instanceId;
    byId("node-name").title = `chatnode ${answer.version}`;
    for (const part of this.#parts) {
      part(answer);
    }
    for (const [name, pager] of Object.entries(this.#pagers)) {
      pager.show(answer[name]);
    }
    this.#cards.show(this.#history.add(answer));
    byId("figures").hidden = false;
    document.title = `${answer.link.mode === "ok" ? "" : `${answer.link.mode}: `}${answer.instanceId} – chatnode`;
  }

  /** Forgets everything: another admin may sign in. */
  clear() {
    this.#history.clear();
    byId("figures").hidden = true;
    byId("node-name").textContent = "";
    document.title = "Status – chatnode";
  }
}
