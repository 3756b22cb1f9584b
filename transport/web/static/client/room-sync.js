import { newId } from "./errors.js";
import { RoomLog } from "./room-log.js";

const REPAIR_TIMEOUT_MS = 5000; // time after which a join, reload or repair is requested again
const MAX_REPAIRS = 3; // consecutive repairs without progress before the room is reloaded
const PAGE_SIZE = 50;

/**
 * RoomSync keeps the log of one room consistent with the server. It joins, resumes, repairs gaps, reloads on resync
 * and loads older history.
 */
export class RoomSync {
  log = new RoomLog();
  /** @type {"out" | "joining" | "in" | "refused"} */
  state = "out";
  /**
   * The number of users present, or null.
   * @type {{guests: number, members: number, admins: number, exact: boolean} | null}
   */
  presence = null;
  /** The id of the last `join`; an error with this id rejects the join. */
  joinId = "";
  /** The reason, if the server refused the join. @type {import("./errors.js").ChatError | null} */
  refusal = null;

  #io;
  #joinSeq = 0; // seq of the room at the last join; the log has caught up if log.seq >= #joinSeq
  #timer = null;
  #repairs = 0;
  #reloadId = "";
  #paging = null;

  /**
   * @param {string} name
   * @param {object} io
   * @param {(frame: object) => boolean} io.send returns false if not connected
   * @param {(frame: object) => Promise<object>} io.request sends a frame and resolves with the response
   * @param {(kind: "reset" | "append" | "prepend", added: object[]) => void} io.changed
   * @param {() => void} io.stateChanged the room's state or readiness may have changed
   */
  constructor(name, io) {
    this.name = name;
    this.#io = io;
  }

  /** Whether writes may be sent: the room is joined and the missed entries have been received. */
  get ready() {
    return this.state === "in" && !this.log.reloading && this.log.seq >= this.#joinSeq;
  }

  /** Joins the room, or resumes it from log.seq. */
  join() {
    if (this.#requestMissing()) {
      this.expectJoined();
    }
  }

  /** Waits for `joined`, because the server joins this room automatically. */
  expectJoined() {
    this.refusal = null;
    this.#setState("joining");
    this.#startTimer();
  }

  /** Resets the state after the connection was lost. */
  onDisconnected() {
    this.#setState("out");
    this.#reloadId = "";
    this.#stopTimer();
  }

  /** Stores a permanent refusal of the server. @param {import("./errors.js").ChatError} error */
  onRefused(error) {
    this.onDisconnected();
    this.refusal = error;
    this.#setState("refused");
  }

  /** @param {object} frame `joined` */
  onJoined(frame) {
    this.#joinSeq = frame.seq;
    this.log.dropProvisional();
    const resumed = frame.recovered && this.log.loaded && this.log.epoch === frame.epoch;
    if (!resumed) {
      this.log.expectHistory();
    }
    this.state = "in";
    this.#startTimer();
    this.#checkGap();
  }

  /** @param {object} frame a `message_history` that answers no request of loadOlder */
  onHistory(frame) {
    if (frame.id && this.#reloadId && frame.id !== this.#reloadId) {
      return;
    }
    this.#reloadId = "";
    const effect = this.log.replace(frame);
    this.#io.changed("reset", effect.added);
    this.#checkGap();
  }

  /** @param {object} frame contains an entry of the room, or assigns its seq */
  onEntry(frame) {
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
    this.#checkGap();
  }

  /** Reloads the newest history. Frames are buffered until it arrives. */
  reload() {
    this.log.expectHistory();
    this.#reloadId = newId();
    this.#io.send({ type: "history", id: this.#reloadId, room: this.name, limit: PAGE_SIZE });
    this.#startTimer();
  }

  /**
   * Loads a page of older messages into the log.
   * @returns {Promise<boolean>} whether older messages remain; rejects with a ChatError
   */
  loadOlder() {
    this.#paging ??= this.#loadPage().finally(() => {
      this.#paging = null;
    });
    return this.#paging;
  }

  async #loadPage() {
    if (!this.log.more || this.log.reloading) {
      return this.log.more;
    }
    const frame = await this.#io.request({ type: "history", room: this.name, before: this.log.from, limit: PAGE_SIZE });
    if (this.log.prepend(frame, PAGE_SIZE).changed) {
      this.#io.changed("prepend", []);
    }
    return this.log.more;
  }

  /** Requests a repair if the log has a gap. */
  #checkGap() {
    if (this.state === "in" && this.log.gap) {
      this.#repair();
    } else if (this.ready) {
      this.#stopTimer();
    }
    this.#io.stateChanged();
  }

  #repair() {
    if (this.#timer) {
      return; // a request is already pending
    }
    this.#repairs += 1;
    if (this.#repairs > MAX_REPAIRS) {
      this.#repairs = 0;
      this.reload();
      return;
    }
    this.#requestMissing();
    this.#startTimer();
  }

  #requestMissing() {
    const since = this.log.position;
    this.joinId = newId();
    return this.#io.send({ type: "join", id: this.joinId, room: this.name, ...(since && { since }) });
  }

  /** Repeats the pending request after a timeout if the log has not caught up. */
  #startTimer() {
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
    }, REPAIR_TIMEOUT_MS);
  }

  #stopTimer() {
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  #setState(state) {
    this.state = state;
    this.#io.stateChanged();
  }
}
