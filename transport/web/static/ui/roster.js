import { byId, el } from "./dom.js";
import { avatar, displayName } from "./format.js";

const ROLES = [["admin", "Admins"], ["member", "Members"], ["guest", "Guests"]];
const RELOAD_DELAY_MS = 800; // presence changes within this time cause one reload

/** The panel of the users present, and the counts in the header. */
export class Roster {
  #chat;
  #room = "";
  #users = [];
  #next = "";
  #timer = null;

  /** @param {import("../chat-client.js").ChatClient} chat */
  constructor(chat) {
    this.#chat = chat;
    byId("roster-toggle").addEventListener("click", () => this.#toggle(byId("roster").hidden));
    byId("roster-close").addEventListener("click", () => this.#toggle(false));
    byId("roster").addEventListener("keydown", (event) => event.key === "Escape" && this.#toggle(false));
    byId("roster-more").addEventListener("click", () => this.#load(this.#next));
    chat.addEventListener("presence", ({ detail }) => detail.room === this.#room && this.#showCounts(detail));
    chat.addEventListener("room", ({ detail }) => detail.room === this.#room && detail.ready && this.#scheduleLoad());
  }

  open(room) {
    this.#room = room;
    this.#users = [];
    this.#next = "";
    this.#showCounts(this.#chat.room(room)?.presence);
    this.#draw();
  }

  #showCounts(counts) {
    const node = byId("presence");
    node.replaceChildren();
    if (counts) {
      const total = counts.guests + counts.members + counts.admins;
      const parts = [[counts.admins, "admin"], [counts.members, "member"], [counts.guests, "guest"]];
      const detail = parts.filter(([n]) => n > 0).map(([n, role]) => `${n} ${role}${n === 1 ? "" : "s"}`).join(", ");
      const about = counts.exact === false ? "at least " : "";
      node.append(el("span.online", { "data-online": total }, `${about}${total} online`), el("span.detail", {}, detail && ` · ${detail}`));
      Object.assign(node.dataset, { guests: counts.guests, members: counts.members, admins: counts.admins, exact: counts.exact !== false });
    }
    this.#scheduleLoad();
  }

  #toggle(open) {
    byId("roster").hidden = !open;
    byId("app").dataset.roster = open;
    byId("roster-toggle").setAttribute("aria-expanded", String(open));
    if (open) {
      this.#load("");
      byId("roster-title").focus();
    } else {
      byId("roster-toggle").focus();
    }
  }

  #scheduleLoad() {
    if (!byId("roster").hidden) {
      this.#timer ??= setTimeout(() => {
        this.#timer = null;
        this.#load("");
      }, RELOAD_DELAY_MS);
    }
  }

  async #load(cursor) {
    const room = this.#room;
    try {
      const page = await this.#chat.who(room, { cursor });
      if (room === this.#room) {
        this.#users = cursor ? [...this.#users, ...page.data] : page.data;
        this.#next = page.next ?? "";
        this.#draw();
      }
    } catch {
      // The list remains unchanged. The next presence change requests it again.
    }
  }

  #draw() {
    const groups = ROLES.map(([role, title]) => [title, this.#users.filter((u) => u.role === role)]);
    byId("roster-list").replaceChildren(...groups.filter(([, users]) => users.length > 0).map(([title, users]) => this.#group(title, users)));
    byId("roster-more").hidden = !this.#next;
  }

  #group(title, users) {
    const mine = this.#chat.me?.userId;
    const items = users.map((user) =>
      el("li.person", { "data-user-id": user.userId }, avatar(user), el("span.person-name", { dir: "auto" }, displayName(user)), user.userId === mine && el("span.note", {}, "you")),
    );
    return el("section", {}, el("h3.panel-heading", {}, `${title} · ${users.length}`), el("ul", {}, ...items));
  }
}
