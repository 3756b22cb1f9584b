import { newId } from "./errors.js";
import { RoomLog } from "./room-log.js";

const REPAIR_MS = 5000; // how long a join or a reload may take before it is asked for again
const REPAIRS_MAX = 3; // repairs that changed nothing before the whole view is reloaded
const PAGE = 50;

/**
 * Keeps one room's log in step with the server: joins, resumes, repairs gaps, reloads on resync,
 * pages through history.
 */
export class RoomSync {
  log = new RoomLog();
  /** @type {"out" | "joining" | "in" | "refused"} */
  state = "out";
  /** Counts of who is present, or null. @type {{guests: number, members: number, admins: number, exact: boolean} | null} */
  presence = null;
  /** The id of the last `join`, to tell its refusal by. */
  joinId = "";
  /** Why the room cannot be joined, while it is refused. @type {import("./errors.js").ChatError | null} */
  refusal = null;

  #io;
  #target = 0; // the room's position when it was joined: caught up when the log is there
  #timer = null;
  #repairs = 0;
  #reloadId = "";
  #paging = null;

  /**
   * @param {string} name
   * @param {object} io
   * @param {(frame: object) => boolean} io.send false when there is no connection
   * @param {(frame: object) => Promise<object>} io.request sends, resolves with the answer
   * @param {(kind: "reset" | "append" | "prepend", added: object[]) => void} io.changed
   * @param {() => void} io.moved the room's state or readiness may have changed
   */
  constructor(name, io) {
    this.name = name;
    this.#io = io;
  }

  /** Writes may go out: joined, and everything missed has been received. */
  get ready() {
    return this.state === "in" && !this.log.reloading && this.log.seq >= this.#target;
  }

  /** Joins, or joins again from where the log stands. */
  join() {
    if (this.#ask()) {
      this.expectJoined();
    }
  }

  /** The server joins this room by itself. */
  expectJoined() {
    this.refusal = null;
    this.#setState("joining");
    this.#watch();
  }

  /** The connection is gone. */
  disconnected() {
    this.#setState("out");
    this.#reloadId = "";
    this.#rest();
  }

  /** The server refused the room for good. @param {import("./errors.js").ChatError} error */
  refused(error) {
    this.disconnected();
    this.refusal = error;
    this.#setState("refused");
  }

  /** @param {object} frame `joined` */
  joined(frame) {
    this.#target = frame.seq;
    this.log.dropProvisional();
    const resumed = frame.recovered && this.log.loaded && this.log.epoch === frame.epoch;
    if (!resumed) {
      this.log.expectHistory();
    }
    this.state = "in";
    this.#watch();
    this.#settle();
  }

  /** @param {object} frame a `message_history` that no request of history() waits for */
  history(frame) {
    if (frame.id && this.#reloadId && frame.id !== this.#reloadId) {
      return;
    }
    this.#reloadId = "";
    const effect = this.log.replace(frame);
    this.#io.changed("reset", effect.added);
    this.#settle();
  }

  /** @param {object} frame one that carries or places an entry of the room */
  receive(frame) {
    if (frame.type === "committed" && frame.epoch && this.log.loaded && frame.epoch !== this.log.epoch) {
      this.reload();
      return;
    }
    const before = this.log.seq;
    const effect = this.log.receive(frame);
    if (this.log.seq > before) {
      this.#repairs = 0;
    }
    if (effect.changed) {
      this.#io.changed("append", effect.added);
    }
    this.#settle();
  }

  /** Reloads the newest history; what comes in between is held back. */
  reload() {
    this.log.expectHistory();
    this.#reloadId = newId();
    this.#io.send({ type: "history", id: this.#reloadId, room: this.name, limit: PAGE });
    this.#watch();
  }

  /**
   * Loads a page of older messages into the log.
   * @returns {Promise<boolean>} whether there is more; rejects with a ChatError
   */
  older() {
    this.#paging ??= this.#page().finally(() => {
      this.#paging = null;
    });
    return this.#paging;
  }

  async #page() {
    if (!this.log.more || this.log.reloading) {
      return this.log.more;
    }
    const frame = await this.#io.request({ type: "history", room: this.name, before: this.log.from, limit: PAGE });
    if (this.log.prepend(frame, PAGE).changed) {
      this.#io.changed("prepend", []);
    }
    return this.log.more;
  }

  /** Looks at where the log stands now, and asks for what is missing. */
  #settle() {
    if (this.state === "in" && this.log.gap) {
      this.#repair();
    } else if (this.ready) {
      this.#rest();
    }
    this.#io.moved();
  }

  #repair() {
    if (this.#timer) {
      return; // asked already
    }
    this.#repairs += 1;
    if (this.#repairs > REPAIRS_MAX) {
      this.#repairs = 0;
      this.reload();
      return;
    }
    this.#ask();
    this.#watch();
  }

  #ask() {
    const since = this.log.position;
    this.joinId = newId();
    return this.#io.send({ type: "join", id: this.joinId, room: this.name, ...(since && { since }) });
  }

  /** Asks again unless the room is in step by then. */
  #watch() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.state === "joining") {
        this.join();
      } else if (this.log.reloading) {
        this.reload();
      } else if (!this.ready || this.log.gap) {
        this.#repair();
      }
    }, REPAIR_MS);
  }

  #rest() {
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  #setState(state) {
    this.state = state;
    this.#io.moved();
  }
}
