import { byId, el } from "./dom.js";
import { clockTime } from "./text.js";

/** The connection's state in the heading, and the banner for what the user should know of it. */
export class ConnectionState {
  #chat;
  #signIn;
  #ticker = null;

  /**
   * @param {import("../chat-client.js").ChatClient} chat
   * @param {() => void} signIn
   */
  constructor(chat, signIn) {
    this.#chat = chat;
    this.#signIn = signIn;
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

  #drawBanner() {
    const content = this.#content();
    const banner = byId("banner");
    banner.hidden = !content;
    banner.replaceChildren(...(content ?? []));
  }

  #content() {
    const { state, reason } = this.#chat.state;
    const { mode, cause, since, effects } = this.#chat.status;
    if (state === "stopped") {
      return this.#notice("bad", reason, "Reconnect", () => this.#chat.connect());
    }
    if (state === "unauthorized") {
      return this.#notice("bad", "You are signed out.", "Sign in", this.#signIn);
    }
    if (state === "waiting") {
      return this.#notice("info", "The connection was lost. What you write is sent as soon as it is back.", "Reconnect now", () => this.#chat.connect());
    }
    if (state !== "online" || mode !== "degraded") {
      return null;
    }
    byId("banner").dataset.kind = "warning";
    const when = since ? ` since ${clockTime(new Date(since))}` : "";
    return [
      el("div", {}, el("strong", {}, `Degraded${when}: `), el("span", { "data-cause": true }, cause || "the server cannot reach its storage")),
      effects.length > 0 && el("ul", { "data-effects": true }, ...effects.map((text) => el("li", {}, text))),
    ].filter(Boolean);
  }

  #notice(kind, text, label, click) {
    byId("banner").dataset.kind = kind;
    return [el("div", {}, text), el("button.link-button", { type: "button", click }, label)];
  }
}
