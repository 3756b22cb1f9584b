import { byId, el, icon } from "./dom.js";

/** The text above the first message: older messages are loading, or this is the beginning of the room. */
export class HistoryState {
  #shown = "";
  #share;

  /** @param {(room: string) => void} share copies the link to the room */
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
      node.replaceChildren("You cannot join this room.");
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
      empty && el("p", {}, "There are no messages yet. Say hello or invite someone."),
      el("button.quiet-button", { type: "button", id: "share-button", click: () => this.#share(name) }, icon("link"), "Copy link to room"),
    ].filter(Boolean);
  }
}
