const SEND_MS = 3000; // at most one `typing` in this time for a room
const SHOW_MS = 5000; // who has not typed for so long has stopped

/** Who types in which room, and how often to say that this user does. */
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

  /** @returns {boolean} whether it is time to send a `typing` for the room */
  due(room) {
    const now = performance.now();
    if (now - (this.#sentAt.get(room) ?? -SEND_MS) < SEND_MS) {
      return false;
    }
    this.#sentAt.set(room, now);
    return true;
  }

  /** A `typing` came in. */
  heard(room, user) {
    this.#forget(room, user.userId);
    if (!this.#rooms.has(room)) {
      this.#rooms.set(room, new Map());
    }
    const timer = setTimeout(() => this.stopped(room, user.userId), SHOW_MS);
    this.#rooms.get(room).set(user.userId, { user, timer });
    this.#changed(room);
  }

  /** The user sent something, or has fallen silent. */
  stopped(room, userId) {
    if (this.#forget(room, userId)) {
      this.#changed(room);
    }
  }

  /** This user sent a message: the next `typing` may go out at once. */
  sent(room) {
    this.#sentAt.delete(room);
  }

  clear() {
    for (const [room, users] of this.#rooms) {
      for (const userId of [...users.keys()]) {
        this.stopped(room, userId);
      }
    }
  }

  #forget(room, userId) {
    const users = this.#rooms.get(room);
    const entry = users?.get(userId);
    if (!entry) {
      return false;
    }
    clearTimeout(entry.timer);
    return users.delete(userId);
  }
}
