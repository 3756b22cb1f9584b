const SEND_INTERVAL_MS = 3000; // minimum interval between two `typing` frames for a room
const TYPING_TTL_MS = 5000; // a user is removed after this time without a `typing` frame

/** Typing contains the users who are typing in each room, and limits the `typing` frames of this user. */
export class Typing {
  #rooms = new Map(); // room → Map of userId → {user, timer}
  #sentAt = new Map();
  #changed;

  /** @param {(room: string) => void} changed */
  constructor(changed) {
    this.#changed = changed;
  }

  /** @returns {{userId: string, userName?: string}[]} */
  users(room) {
    return [...(this.#rooms.get(room)?.values() ?? [])].map((entry) => entry.user);
  }

  /** @returns {boolean} whether a `typing` frame may be sent for the room now */
  shouldSend(room) {
    const now = performance.now();
    if (now - (this.#sentAt.get(room) ?? -SEND_INTERVAL_MS) < SEND_INTERVAL_MS) {
      return false;
    }
    this.#sentAt.set(room, now);
    return true;
  }

  /** Adds the user of a `typing` frame. */
  onTyping(room, user) {
    this.#remove(room, user.userId);
    if (!this.#rooms.has(room)) {
      this.#rooms.set(room, new Map());
    }
    const timer = setTimeout(() => this.stop(room, user.userId), TYPING_TTL_MS);
    this.#rooms.get(room).set(user.userId, { user, timer });
    this.#changed(room);
  }

  /** Removes a user who sent a message or stopped typing. */
  stop(room, userId) {
    if (this.#remove(room, userId)) {
      this.#changed(room);
    }
  }

  /** Allows the next `typing` frame immediately, because this user sent a message. */
  onSent(room) {
    this.#sentAt.delete(room);
  }

  clear() {
    for (const [room, users] of this.#rooms) {
      for (const userId of [...users.keys()]) {
        this.stop(room, userId);
      }
    }
  }

  #remove(room, userId) {
    const users = this.#rooms.get(room);
    const entry = users?.get(userId);
    if (!entry) {
      return false;
    }
    clearTimeout(entry.timer);
    return users.delete(userId);
  }
}
