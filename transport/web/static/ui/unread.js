import { settings } from "./settings.js";

/**
 * The unread messages of each room: their number and the first one. The read position is stored, so that the next visit
 * can mark new messages.
 */
export class Unread {
  #chat;
  #rooms = new Map(); // room → {count, first}
  #loaded = new Set();
  #isSeen;
  #changed;

  /**
   * @param {import("../chat-client.js").ChatClient} chat
   * @param {(room: string) => boolean} isSeen whether the user sees new messages of the room as they arrive
   * @param {() => void} changed
   */
  constructor(chat, isSeen, changed) {
    this.#chat = chat;
    this.#isSeen = isSeen;
    this.#changed = changed;
    chat.addEventListener("messages", ({ detail }) => this.#onNewMessages(detail));
    chat.addEventListener("room", ({ detail }) => detail.state === "left" && this.#removeRoom(detail.room));
  }

  /** @returns {number} */
  count(room) {
    return this.#rooms.get(room)?.count ?? 0;
  }

  /** @returns {string | undefined} the id of the first unread message */
  first(room) {
    return this.#rooms.get(room)?.first;
  }

  /** The unread count of all rooms. */
  get total() {
    return [...this.#rooms.values()].reduce((sum, { count }) => sum + count, 0);
  }

  /** Marks all messages of a room as read. */
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

  #onNewMessages({ room, kind, added }) {
    const fresh = kind === "reset" && !this.#loaded.has(room);
    this.#loaded.add(room);
    let others = added.filter((m) => m.userId !== this.#chat.me?.userId);
    if (fresh) {
      const { epoch, seq } = settings.read(room);
      others = others.filter((m) => epoch === this.#chat.room(room).epoch && m.seq > seq);
    }
    if (kind === "prepend" || others.length === 0 || (this.#isSeen(room) && !fresh)) {
      return;
    }
    const { count = 0, first = others[0].id } = this.#rooms.get(room) ?? {};
    this.#rooms.set(room, { count: count + others.length, first });
    this.#changed();
  }

  #removeRoom(room) {
    this.#loaded.delete(room);
    this.#rooms.delete(room);
    settings.setRead(room, null);
    this.#changed();
  }
}
