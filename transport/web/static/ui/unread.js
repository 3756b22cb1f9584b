import { settings } from "./settings.js";

/**
 * What the user has not seen, by room: how much, and from which message on. How far a room was read is kept, so
 * that a visit later knows what is new.
 */
export class Unread {
  #chat;
  #rooms = new Map(); // room → {count, first}
  #loaded = new Set();
  #seen;
  #changed;

  /**
   * @param {import("../chat-client.js").ChatClient} chat
   * @param {(room: string) => boolean} seen whether what comes in there now is seen
   * @param {() => void} changed
   */
  constructor(chat, seen, changed) {
    this.#chat = chat;
    this.#seen = seen;
    this.#changed = changed;
    chat.addEventListener("messages", ({ detail }) => this.#came(detail));
    chat.addEventListener("room", ({ detail }) => detail.state === "left" && this.#forget(detail.room));
  }

  /** @returns {number} */
  count(room) {
    return this.#rooms.get(room)?.count ?? 0;
  }

  /** @returns {string | undefined} the id of the first message that was not seen */
  first(room) {
    return this.#rooms.get(room)?.first;
  }

  /** Of all rooms. */
  get total() {
    return [...this.#rooms.values()].reduce((sum, { count }) => sum + count, 0);
  }

  /** The room was read to its end. */
  read(room) {
    const { loaded, epoch } = this.#chat.room(room) ?? {};
    const last = this.#chat.messages(room).findLast((m) => m.seq);
    if (loaded) {
      settings.setRead(room, epoch, last?.seq ?? 0);
    }
    if (this.#rooms.delete(room)) {
      this.#changed();
    }
  }

  #came({ room, kind, added }) {
    const fresh = kind === "reset" && !this.#loaded.has(room);
    this.#loaded.add(room);
    let others = added.filter((m) => m.userId !== this.#chat.me?.userId);
    if (fresh) {
      const { epoch, seq } = settings.read(room);
      others = others.filter((m) => epoch === this.#chat.room(room).epoch && m.seq > seq);
    }
    if (kind === "prepend" || others.length === 0 || (this.#seen(room) && !fresh)) {
      return;
    }
    const { count = 0, first = others[0].id } = this.#rooms.get(room) ?? {};
    this.#rooms.set(room, { count: count + others.length, first });
    this.#changed();
  }

  #forget(room) {
    this.#loaded.delete(room);
    this.#rooms.delete(room);
    settings.setRead(room, null);
    this.#changed();
  }
}
