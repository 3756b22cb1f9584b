import { Backoff } from "./backoff.js";

const OPEN = 1; // a WebSocket's readyState
const OPEN_MS = 10_000; // from dialling to the `connected` frame
const PONG_MS = 10_000; // at most, from a ping to any sign of life
const WAKE_MS = 5000; // the same after wake(): somebody is looking
const STABLE_MS = 5000; // a connection that held so long resets the back-off
const OVERLOADED_MS = 2000; // the least wait after 1013
const STOP = new Map([
  [1008, "Disconnected by the server"],
  [1009, "A message was too big for the server"],
  [4429, "Disconnected for sending too much"],
]);

/**
 * @typedef {object} ConnectionState
 * @property {"idle" | "connecting" | "online" | "waiting" | "unauthorized" | "stopped"} state
 * @property {number} [retryAt] waiting: when the next attempt is due, ms since the Unix epoch
 * @property {number} [code] the close code, or the HTTP status of a refusal, that led here
 * @property {string} [reason] safe to show
 */

/**
 * One WebSocket after another: dials, watches, and decides from how a connection ended when and
 * whether the next one follows.
 */
export class Connection {
  /** @type {ConnectionState} */
  state = { state: "idle" };

  #io;
  #socket = null;
  #backoff;
  #timer = null; // the next attempt, or the deadline of this one
  #pinger = null;
  #slotMs = null; // this client's own reconnect slot, from `shutdown`
  #onlineAt = 0;
  #heardAt = 0;
  #asked = false; // a ping is out, and nothing was heard since

  /**
   * @param {object} io
   * @param {() => string} io.url asked at each attempt
   * @param {() => string[]} io.protocols asked at each attempt
   * @param {(url: string) => Promise<Response>} io.probe the same request by HTTP, to learn why it is refused
   * @param {() => boolean} io.doubtful whether a refusal without a reason is best laid to the token
   * @param {(frame: object) => void} io.onFrame
   * @param {(state: ConnectionState) => void} io.onState
   * @param {object} [io.backoff] options of Backoff
   * @param {typeof WebSocket} io.WebSocket
   */
  constructor(io) {
    this.#io = io;
    this.#backoff = new Backoff(io.backoff);
  }

  /** Connects now, whatever it waits for; does nothing while it is connected. */
  open() {
    if (this.#socket) {
      return;
    }
    clearTimeout(this.#timer);
    this.#set({ state: "connecting" });
    const socket = new this.#io.WebSocket(this.#io.url(), this.#io.protocols());
    this.#socket = socket;
    this.#timer = setTimeout(() => this.#drop("No answer"), OPEN_MS);
    socket.onmessage = (event) => this.#heard(event.data);
    socket.onerror = () => {}; // the close that follows says more; some implementations throw what nobody hears
    socket.onclose = (event) => this.#closed(event.code, event.reason);
  }

  /** The program was asleep, or the network is another: dials if it waits to, and makes a connection prove that it lives. */
  wake() {
    if (this.state.state === "waiting") {
      this.open();
    } else if (this.state.state === "online" && !this.#asked) {
      this.#ping(WAKE_MS);
    }
  }

  /** Closes and stays closed until open. */
  close() {
    this.#release();
    clearTimeout(this.#timer);
    this.#backoff.reset();
    this.#set({ state: "idle" });
  }

  /** @returns {boolean} false when not connected */
  send(frame) {
    if (this.state.state !== "online" || this.#socket.readyState !== OPEN) {
      return false;
    }
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #heard(data) {
    this.#heardAt = performance.now();
    this.#asked = false;
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      return; // a frame that is no JSON is none of this protocol
    }
    if (frame.type === "connected") {
      this.#online(frame);
    } else if (frame.type === "shutdown") {
      this.#slotMs = frame.reconnectAfterMs;
    }
    this.#io.onFrame(frame);
  }

  #online({ pingMs = 25_000 }) {
    clearTimeout(this.#timer);
    this.#onlineAt = performance.now();
    this.#set({ state: "online" });
    this.#pinger = setInterval(() => this.#ping(Math.min(PONG_MS, pingMs / 2)), pingMs);
  }

  #ping(pongMs) {
    const sentAt = performance.now();
    this.#asked = true;
    this.send({ type: "ping", t: Math.round(sentAt) });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#heardAt < sentAt) {
        this.#drop("The connection went silent");
      }
    }, pongMs);
  }

  /** Gives up a socket that does not answer; its own close event could take minutes. */
  #drop(reason) {
    const opened = this.state.state === "online";
    this.#release();
    this.#retry(opened ? 1006 : 0, reason);
  }

  /** Lets go of the socket without hearing from it again. */
  #release() {
    clearInterval(this.#pinger);
    this.#asked = false;
    const socket = this.#socket;
    this.#socket = null;
    if (socket) {
      socket.onmessage = null;
      socket.onclose = null;
      socket.close(1000);
    }
  }

  async #closed(code, reason) {
    const wasOnline = this.state.state === "online";
    this.#release();
    clearTimeout(this.#timer);
    if (STOP.has(code)) {
      this.#set({ state: "stopped", code, reason: reason || STOP.get(code) });
    } else if (code === 4401) {
      this.#set({ state: "unauthorized", code, reason: reason || "Sign in to go on" });
    } else if (code === 1006 && !wasOnline && this.#backoff.attempt % 4 === 0) {
      await this.#refused();
    } else {
      this.#retry(code, reason);
    }
  }

  /**
   * A refused upgrade does not tell a browser why, so now and then the same is asked by HTTP. The
   * bare answer that this is a place for WebSockets (426) says at least that the server is there.
   */
  async #refused() {
    const attempt = this.state;
    let response;
    let problem = {};
    try {
      response = await this.#io.probe(this.#io.url());
      problem = await response.json().catch(() => problem); // a load balancer may have answered
    } catch {
      response = null; // nobody there
    }
    if (this.state !== attempt) {
      return; // opened or closed by hand in the meantime
    }
    const status = response?.status;
    if (status === 401 || (status === 426 && this.#io.doubtful())) {
      this.#set({ state: "unauthorized", code: status, reason: "Sign in to go on" });
    } else if (status === 403) {
      this.#set({ state: "stopped", code: status, reason: problem.detail || problem.title || "The server does not admit you" });
    } else {
      const seconds = Number(response?.headers.get("Retry-After"));
      this.#retry(status ?? 1006, "", Number.isFinite(seconds) ? seconds * 1000 : 0);
    }
  }

  #retry(code, reason, floorMs = code === 1013 ? OVERLOADED_MS : 0) {
    if (this.#onlineAt && performance.now() - this.#onlineAt > STABLE_MS) {
      this.#backoff.reset();
    }
    const wait = this.#slotMs ?? this.#backoff.next(floorMs);
    this.#slotMs = null;
    this.#onlineAt = 0;
    clearTimeout(this.#timer);
    this.#set({ state: "waiting", retryAt: Date.now() + wait, code, reason });
    this.#timer = setTimeout(() => this.open(), wait);
  }

  #set(state) {
    this.state = state;
    this.#io.onState(state);
  }
}
