import { byId, el } from "./dom.js";
import { clockTime } from "./format.js";

const LOST = "The connection was lost. Your messages will be sent when it is restored.";

/** The connection state in the header, and the banner with details and a button. */
export class ConnectionState {
  #chat;
  #signIn;
  #announcer;
  #ticker = null;
  #announced = "";
  #lost = false; // whether the connection was lost and is not yet restored
  #drawn = ""; // signature of the banner
  #effectsOpen = matchMedia("(width >= 760px)").matches; // closed on a phone, because the list would cover the log

  /**
   * @param {import("../chat-client.js").ChatClient} chat
   * @param {() => void} signIn
   * @param {import("./announcer.js").Announcer} announcer
   */
  constructor(chat, signIn, announcer) {
    this.#chat = chat;
    this.#signIn = signIn;
    this.#announcer = announcer;
    chat.addEventListener("state", () => this.#draw());
    chat.addEventListener("status", () => this.#draw());
  }

  #draw() {
    clearInterval(this.#ticker);
    const { state } = this.#chat.state;
    if (state === "waiting") {
      this.#ticker = setInterval(() => this.#drawState(), 1000);
    }
    this.#drawState();
    this.#drawBanner();
    this.#announce();
  }

  #drawState() {
    const { state, retryAt } = this.#chat.state;
    const degraded = state === "online" && this.#chat.status.mode === "degraded";
    const seconds = Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
    const texts = {
      idle: "Offline",
      connecting: "Connecting…",
      online: degraded ? "Degraded" : "Connected",
      waiting: seconds > 0 ? `Reconnecting in ${seconds} s` : "Reconnecting…",
      unauthorized: "Signed out",
      stopped: "Disconnected",
    };
    const node = byId("connection-state");
    node.dataset.state = degraded ? "degraded" : state;
    if (node.textContent !== texts[state]) {
      node.textContent = texts[state];
    }
  }

  /** Redraws the banner only if it changed, so that its button keeps the focus during reconnects. */
  #drawBanner() {
    const { state, reason } = this.#chat.state;
    this.#lost = state === "waiting" || (state === "connecting" && this.#lost);
    const drawn = JSON.stringify([this.#lost || [state, reason, this.#chat.status]]);
    if (drawn === this.#drawn) {
      return;
    }
    this.#drawn = drawn;
    const content = this.#content(state, reason);
    const banner = byId("banner");
    banner.hidden = !content;
    banner.replaceChildren(...(content ?? []));
  }

  #content(state, reason) {
    if (state === "stopped") {
      return this.#notice("bad", reason, "Reconnect", () => this.#chat.connect());
    }
    if (state === "unauthorized") {
      return this.#notice("bad", "You are signed out.", "Sign in", this.#signIn);
    }
    if (this.#lost) {
      return this.#notice("info", LOST, "Reconnect now", () => this.#chat.connect());
    }
    return state === "online" && this.#chat.status.mode === "degraded" ? this.#degraded(this.#chat.status) : null;
  }

  #degraded({ cause, since, effects }) {
    byId("banner").dataset.kind = "warning";
    const when = since ? ` since ${clockTime(new Date(since))}` : "";
    const summary = [el("strong", {}, `Degraded${when}: `), el("span", { "data-cause": true }, cause || "the server cannot reach its storage")];
    if (effects.length === 0) {
      return [el("div", {}, ...summary)];
    }
    const list = el("ul", { "data-effects": true }, ...effects.map((text) => el("li", {}, text)));
    const details = el("details", { open: this.#effectsOpen }, el("summary", {}, ...summary), list);
    details.addEventListener("toggle", () => {
      this.#effectsOpen = details.open;
    });
    return [details];
  }

  #notice(kind, text, label, click) {
    byId("banner").dataset.kind = kind;
    return [el("div", {}, text), el("button.link-button", { type: "button", click }, label)];
  }

  /** Announces each change of the state once, without the countdown. */
  #announce() {
    const { state, reason } = this.#chat.state;
    const { mode, cause } = this.#chat.status;
    const texts = { waiting: LOST, stopped: reason, unauthorized: "You are signed out.", online: mode === "degraded" ? `Degraded: ${cause}` : "Connected." };
    const text = texts[state];
    if (!text || text === this.#announced) {
      return;
    }
    if (this.#announced || text !== "Connected.") {
      this.#announcer.announce(text); // "Connected." is announced only after another state
    }
    this.#announced = text;
  }
}
