import { byId, el, iconButton } from "./dom.js";
import { isRoomName } from "./settings.js";

/** The sidebar: rooms with unread counts, join and leave. On a phone it is a drawer. */
export class Rooms {
  #chat;
  #on;
  #unread;
  #active = "";

  /**
   * @param {import("../chat-client.js").ChatClient} chat
   * @param {import("./unread.js").Unread} unread
   * @param {object} on
   * @param {(room: string) => void} on.open
   * @param {(room: string) => void} on.join
   * @param {(room: string) => void} on.leave
   * @param {(text: string) => void} on.warn shows a warning to the user
   */
  constructor(chat, unread, on) {
    this.#chat = chat;
    this.#unread = unread;
    this.#on = on;
    chat.addEventListener("room", () => this.draw());
    byId("join-form").addEventListener("submit", (event) => this.#submit(event));
    byId("sidebar-open").addEventListener("click", () => this.#drawer(true));
    byId("sidebar-close").addEventListener("click", () => this.#drawer(false));
    byId("scrim").addEventListener("click", () => this.#drawer(false));
    byId("sidebar").addEventListener("keydown", (event) => event.key === "Escape" && this.#drawer(false));
  }

  /** Marks a room as open. */
  show(room) {
    this.#active = room;
    this.#drawer(false);
    this.draw();
    byId("room-list").querySelector("[aria-current]").scrollIntoView({ block: "nearest" });
  }

  /** Draws the list, and the total unread count in the title of the page. */
  draw() {
    const focused = document.activeElement?.closest?.("#room-list [data-room]")?.dataset.room;
    byId("room-list").replaceChildren(...this.#chat.rooms.map((room) => this.#item(room)));
    if (focused) {
      byId("room-list").querySelector(`[data-room="${CSS.escape(focused)}"] .room`)?.focus();
    }
    const { total } = this.#unread;
    document.title = `${total > 0 ? `(${total}) ` : ""}#${this.#active} · chatnode`;
  }

  #item(room) {
    const unread = room === this.#active ? 0 : this.#unread.count(room); // the open room marks new messages in the log
    const state = this.#chat.room(room)?.state;
    const badge = unread > 0 && el("span.badge", { "data-unread": unread }, unread > 99 ? "99+" : String(unread), el("span.visually-hidden", {}, " unread"));
    return el(
      "li",
      { "data-room": room, "data-state": state },
      el(
        "button.room",
        { type: "button", "aria-current": room === this.#active ? "page" : null, "data-unread": unread > 0, click: () => this.#on.open(room) },
        el("span.hash", { "aria-hidden": "true" }, "#"),
        el("span.room-name", {}, room),
        badge,
      ),
      this.#chat.rooms.length > 1 && iconButton("close", `Leave ${room}`, () => this.#on.leave(room), { "data-action": "leave" }),
    );
  }

  #submit(event) {
    event.preventDefault();
    const input = byId("join-input");
    const room = input.value.trim().replace(/^#/, "");
    if (!isRoomName(room)) {
      this.#on.warn("A room name has 1 to 64 characters: letters, digits, dots, underscores or hyphens.");
      return;
    }
    input.value = "";
    this.#on.join(room);
  }

  #drawer(open) {
    const sidebar = byId("sidebar");
    const wasOpen = sidebar.classList.contains("open");
    sidebar.classList.toggle("open", open);
    byId("scrim").hidden = !open;
    byId("sidebar-open").setAttribute("aria-expanded", String(open));
    if (open) {
      byId("sidebar-close").focus();
    } else if (wasOpen) {
      byId("sidebar-open").focus();
    }
  }
}
