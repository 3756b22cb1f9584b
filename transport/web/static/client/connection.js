import { Backoff } from "./backoff.js";

const OPEN = 1; // readyState of an open WebSocket
const CONNECT_TIMEOUT_MS = 10_000; // from dialing to the frame `connected`
const PONG_TIMEOUT_MS = 10_000; // maximum time from a ping to the next frame
const WAKE_PONG_TIMEOUT_MS = 5000; // the same after wake(); shorter, because the user is waiting
const STABLE_AFTER_MS = 5000; // a connection that lasted longer resets the backoff
const MIN_OVERLOADED_DELAY_MS = 2000; // minimum delay after close code 1013
const STOP_REASONS = new Map([
  [1008, "Disconnected by the server"],
  [1009, "A message exceeded the size limit of the server"],
  [4429, "Disconnected for exceeding the rate limit"],
]);

/**
 * @typedef {object} ConnectionState
 * @property {"idle" | "connecting" | "online" | "waiting" | "unauthorized" | "stopped"} state
 * @property {number} [retryAt] waiting: time of the next attempt, ms since the Unix epoch
 * @property {number} [code] the close code or HTTP status that caused this state
 * @property {string} [reason] a text for the user
 */

/**
 * Connection opens one WebSocket at a time and monitors it. When it closes, the close code decides whether and when
 * the next one is opened.
 */
export class Connection {
  /** @type {ConnectionState} */
  state = { state: "idle" };

  #io;
  #socket = null;
  #backoff;
  #timer = null; // the next attempt, the connect timeout or the pong timeout
  #pingTimer = null;
  #reconnectSlotMs = null; // delay assigned to this client by `shutdown`
  #onlineAt = 0;
  #receivedAt = 0;
  #awaitingPong = false; // a ping was sent and no frame has been received since

  /**
   * @param {object} io
   * @param {() => string} io.url called for each attempt
   * @param {() => string[]} io.protocols called for each attempt
   * @param {(url: string) => Promise<Response>} io.probe repeats the request by HTTP to get the reason of a rejection
   * @param {() => boolean} io.tokenSuspect whether the token is the likely cause of a rejection without a reason
   * @param {(frame: object) => void} io.onFrame
   * @param {(state: ConnectionState) => void} io.onState
   * @param {object} [io.backoff] options of Backoff
   * @param {typeof WebSocket} io.WebSocket
   */
  constructor(io) {
    this.#io = io;
    this.#backoff = new Backoff(io.backoff);
  }

  /** Connects immediately, even if a delay is pending. Does nothing if a socket exists. */
  open() {
    if (this.#socket) {
      return;
    }
    clearTimeout(this.#timer);
    this.#setState({ state: "connecting" });
    const socket = new this.#io.WebSocket(this.#io.url(), this.#io.protocols());
    this.#socket = socket;
    this.#timer = setTimeout(() => this.#abandon("The server did not answer"), CONNECT_TIMEOUT_MS);
    socket.onmessage = (event) => this.#onMessage(event.data);
    socket.onerror = () => {}; // onclose follows with a code; some implementations throw if there is no handler
    socket.onclose = (event) => this.#onClose(event.code, event.reason);
  }

  /** Connects immediately if a delay is pending. If online, pings the server with a short timeout. */
  wake() {
    if (this.state.state === "waiting") {
      this.open();
    } else if (this.state.state === "online" && !this.#awaitingPong) {
      this.#ping(WAKE_PONG_TIMEOUT_MS);
    }
  }

  /** Closes the connection. It stays closed until open is called. */
  close() {
    this.#release();
    clearTimeout(this.#timer);
    this.#backoff.reset();
    this.#setState({ state: "idle" });
  }

  /** @returns {boolean} false if not connected */
  send(frame) {
    if (this.state.state !== "online" || this.#socket.readyState !== OPEN) {
      return false;
    }
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #onMessage(data) {
    this.#receivedAt = performance.now();
    this.#awaitingPong = false;
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      return; // not a frame of this protocol
    }
    if (frame.type === "connected") {
      this.#onConnected(frame);
    } else if (frame.type === "shutdown") {
      this.#reconnectSlotMs = frame.reconnectAfterMs;
    }
    this.#io.onFrame(frame);
  }

  #onConnected({ pingMs = 25_000 }) {
    clearTimeout(this.#timer);
    this.#onlineAt = performance.now();
    this.#setState({ state: "online" });
    this.#pingTimer = setInterval(() => this.#ping(Math.min(PONG_TIMEOUT_MS, pingMs / 2)), pingMs);
  }

  #ping(timeoutMs) {
    const sentAt = performance.now();
    this.#awaitingPong = true;
    this.send({ type: "ping", t: Math.round(sentAt) });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#receivedAt < sentAt) {
        this.#abandon("The server stopped responding");
      }
    }, timeoutMs);
  }

  /** Drops a socket that does not respond, because its close event could take minutes. */
  #abandon(reason) {
    const opened = this.state.state === "online";
    this.#release();
    this.#scheduleRetry(opened ? 1006 : 0, reason);
  }

  /** Closes the socket and removes its handlers. */
  #release() {
    clearInterval(this.#pingTimer);
    this.#awaitingPong = false;
    const socket = this.#socket;
    this.#socket = null;
    if (socket) {
      socket.onmessage = null;
      socket.onclose = null;
      socket.close(1000);
    }
  }

  async #onClose(code, reason) {
    const wasOnline = this.state.state === "online";
    this.#release();
    clearTimeout(this.#timer);
    if (STOP_REASONS.has(code)) {
      this.#setState({ state: "stopped", code, reason: reason || STOP_REASONS.get(code) });
    } else if (code === 4401) {
      this.#setState({ state: "unauthorized", code, reason: reason || "Sign in to continue" });
    } else if (code === 1006 && !wasOnline && this.#backoff.attempt % 4 === 0) {
      await this.#probeRefusal();
    } else {
      this.#scheduleRetry(code, reason);
    }
  }

  /**
   * Repeats the request by HTTP, because a browser does not expose why an upgrade was rejected. Status 426 without a
   * reason only shows that the server is reachable.
   */
  async #probeRefusal() {
    const attempt = this.state;
    let response;
    let problem = {};
    try {
      response = await this.#io.probe(this.#io.url());
      problem = await response.json().catch(() => problem); // a load balancer may answer without JSON
    } catch {
      response = null; // the server is unreachable
    }
    if (this.state !== attempt) {
      return; // open or close was called in the meantime
    }
    const status = response?.status;
    if (status === 401 || (status === 426 && this.#io.tokenSuspect())) {
      this.#setState({ state: "unauthorized", code: status, reason: "Sign in to continue" });
    } else if (status === 403) {
      this.#setState({ state: "stopped", code: status, reason: problem.detail || problem.title || "The server refused the connection" });
    } else {
      const seconds = Number(response?.headers.get("Retry-After"));
      this.#scheduleRetry(status ?? 1006, "", Number.isFinite(seconds) ? seconds * 1000 : 0);
    }
  }

  #scheduleRetry(code, reason, minMs = code === 1013 ? MIN_OVERLOADED_DELAY_MS : 0) {
    if (this.#onlineAt && performance.now() - this.#onlineAt > STABLE_AFTER_MS) {
      this.#backoff.reset();
    }
    const delayMs = this.#reconnectSlotMs ?? this.#backoff.next(minMs);
    this.#reconnectSlotMs = null;
    this.#onlineAt = 0;
    clearTimeout(this.#timer);
    this.#setState({ state: "waiting", retryAt: Date.now() + delayMs, code, reason });
    this.#timer = setTimeout(() => this.open(), delayMs);
  }

  #setState(state) {
    this.state = state;
    this.#io.onState(state);
  }
}
