import { byId, el, icon } from "./dom.js";

/** What stands above the first message: that older ones are loading, or that this is where the room begins. */
export class HistoryState {
  #shown = "";
  #share;

  /** @param {(room: string) => void} share copies the room's address */
  constructor(share) {
    this.#share = share;
  }

  /**
   * @param {string} name of the room
   * @param {{state: string, loaded: boolean, more: boolean} | undefined} room
   * @param {{empty: boolean, loading: boolean}} view
   */
  draw(name, room, { empty, loading }) {
    const node = byId("history-state");
    const state = room?.loaded ? (room.more ? "more" : "start") : "loading";
    const shown = JSON.stringify([name, room?.state === "refused", state, empty, loading]);
    if (shown === this.#shown) {
      return;
    }
    this.#shown = shown;
    node.dataset.state = state;
    if (room?.state === "refused") {
      node.replaceChildren("This room cannot be joined.");
    } else if (state === "start") {
      node.replaceChildren(...this.#welcome(name, empty));
    } else {
      node.replaceChildren(state === "loading" ? "Loading messages…" : loading ? "Loading older messages…" : "");
    }
  }

  #welcome(name, empty) {
    return [
      el("span.welcome-hash", { "aria-hidden": "true" }, "#"),
      el("h2", {}, empty ? `Welcome to #${name}` : `This is the beginning of #${name}`),
      empty && el("p", {}, "Nobody has written here yet. Say hello, or invite somebody."),
      el("button.quiet-button", { type: "button", id: "share-button", click: () => this.#share(name) }, icon("link"), "Copy the room's address"),
    ].filter(Boolean);
  }
}
