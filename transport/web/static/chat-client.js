/**
 * ChatClient is a client of the chatnode protocol. It has no dependencies and does not use the DOM. It runs in
 * browsers and in Node 22 or later. Node 19 to 21 need the option WebSocket, for example from the package "ws".
 *
 *     const chat = new ChatClient({ url: "wss://chat.example.com/chat", rooms: ["global"], token });
 *     chat.addEventListener("messages", ({ detail }) => render(chat.messages(detail.room)));
 *     chat.connect();
 *     await chat.sendMessage("global", "Hello");
 *
 * - It reconnects with full jitter, or in its assigned slot after `shutdown`.
 * - It resumes each room from its last seq and requests missing entries.
 * - It delivers each message once and in order.
 * - It resends each write under the same id until the server acknowledges it.
 *
 * Modules in client/:
 *
 *   session.js      dispatches frames and connects the modules below
 *   connection.js   the WebSocket: connect, ping, reconnect, stop
 *   backoff.js      delays between connection attempts
 *   requests.js     requests that wait for a frame with the same id
 *   room-sync.js    join, resume, gap repair and history of one room
 *   room-log.js     the messages of one room; no I/O
 *   send-queue.js   writes that have not been acknowledged
 *   typing.js       typing signals, sent and received
 *   errors.js       ChatError and request ids
 *
 * Events and their detail:
 *
 * | event          | detail |
 * |----------------|--------|
 * | `state`        | ConnectionState: {state, retryAt?, code?, reason?} |
 * | `connected`    | the frame `connected`: {userId, userName, role, sessionId, instanceId, pingMs, limits, status} |
 * | `room`         | {room, state: "out" \| "joining" \| "in" \| "refused" \| "left", ready, error?} |
 * | `messages`     | {room, kind: "reset" \| "append" \| "prepend", added: Message[]}; then read messages(room) |
 * | `outgoing`     | Outgoing: the state of a write changed; then read pending(room) |
 * | `presence`     | {room, guests, members, admins, exact} |
 * | `typing`       | {room, users: [{userId, userName?}]} |
 * | `status`       | {mode: "ok" \| "degraded", cause, since, effects} |
 * | `throttled`    | {id?, retryAfterMs, limit, windowMs, roomId}; rejected writes are resent automatically |
 * | `error`        | {id?, code, error, retry}: an error that concerns no write |
 * | `auth-expiring`| {inMs} |
 * | `shutdown`     | {reason, reconnectAfterMs, deadlineMs} |
 *
 * Methods that return a promise reject with a ChatError; client/errors.js lists its codes. The promise of a write may
 * be ignored, because the event `outgoing` also reports failures.
 *
 * @typedef {import("./client/connection.js").ConnectionState} ConnectionState
 * @typedef {import("./client/room-log.js").Message} Message
 * @typedef {import("./client/send-queue.js").Outgoing} Outgoing
 *
 * @typedef {object} Me the frame `connected`
 * @property {string} userId
 * @property {string} userName
 * @property {"guest" | "member" | "admin"} role
 * @property {true} [readOnly] the user cannot write
 * @property {string} sessionId
 * @property {string} instanceId
 * @property {number} pingMs
 * @property {{maxMessageLength: number, maxFrameBytes: number, rateMessages: number, rateWindowMs: number}} limits
 *
 * @typedef {object} Status
 * @property {"ok" | "degraded"} mode
 * @property {string} [cause] a sentence for the user
 * @property {number} [since] ms since the Unix epoch, by the server's clock
 * @property {string[]} effects sentences for the user
 *
 * @typedef {object} Ack
 * @property {string} id of the Outgoing
 * @property {string} room
 * @property {string} messageId of the message that was written, edited or deleted
 * @property {number} [seq] absent if `stored` is "journal", because the seq is assigned later
 * @property {"redis" | "local" | "journal"} [stored]
 * @property {boolean} [duplicate] the server had already executed this write
 *
 * @typedef {{guests: number, members: number, admins: number, exact: boolean}} Presence
 *
 * @typedef {object} ChatEvents event → detail, as in the table above
 * @property {ConnectionState} state
 * @property {Me} connected
 * @property {{room: string, state: "out" | "joining" | "in" | "refused" | "left", ready: boolean, error?: {code: string, error: string}}} room
 * @property {{room: string, kind: "reset" | "append" | "prepend", added: Message[]}} messages
 * @property {Outgoing} outgoing
 * @property {{room: string} & Presence} presence
 * @property {{room: string, users: {userId: string, userName?: string}[]}} typing
 * @property {Status} status
 * @property {{id?: string, retryAfterMs: number, limit: number, windowMs: number, roomId: string}} throttled
 * @property {{id?: string, code: string, error: string, retry: boolean}} error
 * @property {{inMs: number}} auth-expiring
 * @property {{reason: string, reconnectAfterMs: number, deadlineMs: number}} shutdown
 */
import { ChatError } from "./client/errors.js";
import { Session } from "./client/session.js";

export { ChatError };

export class ChatClient extends EventTarget {
  /** The user, from the last `connected`; null before the first. @type {Me | null} */
  me = null;
  /** The last `status` of the node. @type {Status} */
  status = { mode: "ok", effects: [] };

  #session;

  /**
   * @param {object} options
   * @param {string} options.url of /chat, with the scheme ws: or wss:
   * @param {string[]} [options.rooms] rooms to join on connect
   * @param {string} [options.token] a JWT; absent: connect as a guest
   * @param {() => Promise<string | null>} [options.refreshToken] called on `auth_expiring`; resolves with a new token,
   *   or null if there is none
   * @param {(reason: string) => Promise<string | null>} [options.reauthenticate] called if the server rejects the
   *   token; resolves with a new token, or null to continue as a guest. If it is absent or rejects, the client stays in
   *   state "unauthorized".
   * @param {{baseMs?: number, capMs?: number, random?: () => number}} [options.backoff]
   * @param {number} [options.maxQueued] maximum number of unacknowledged writes (200)
   * @param {Pick<Storage, "getItem" | "setItem" | "removeItem">} [options.storage] stores unacknowledged writes, so
   *   that the next run of the program resends them under their ids. Use sessionStorage or an object with these methods.
   *   Two clients must not use the same storage concurrently.
   * @param {typeof WebSocket} [options.WebSocket] replaces the global WebSocket
   */
  constructor(options) {
    super();
    this.#session = new Session(options, (type, detail) => {
      if (type === "connected") {
        this.me = detail;
      } else if (type === "status") {
        this.status = detail;
      }
      this.dispatchEvent(new CustomEvent(type, { detail }));
    });
  }

  /**
   * Overrides the method of EventTarget only to add types.
   * @template {keyof ChatEvents} K
   * @param {K} type
   * @param {(event: CustomEvent<ChatEvents[K]>) => void} listener
   * @param {AddEventListenerOptions} [options]
   */
  addEventListener(type, listener, options) {
    super.addEventListener(type, listener, options);
  }

  /** @returns {ConnectionState} */
  get state() {
    return this.#session.connection.state;
  }

  /** @returns {string[]} names of the rooms that are joined, or will be joined on connect */
  get rooms() {
    return [...this.#session.rooms.keys()];
  }

  /** Connects without delay; does nothing if a connection exists. */
  connect() {
    this.#session.connection.open();
  }

  /**
   * Call wake when the program or device resumes from sleep, or when the network changes. If the client waits to
   * reconnect, it connects immediately. If it is online, it pings the server and drops the connection unless a frame
   * arrives within 5 s. A page should call it on `online`, on `offline` and when it becomes visible.
   */
  wake() {
    this.#session.connection.wake();
  }

  /** Disconnects and does not reconnect. Unsent writes wait for the next call of connect. */
  disconnect() {
    this.#session.connection.close();
  }

  /** Reconnects as another user. @param {string | null} token null: a guest */
  signIn(token) {
    this.#session.signIn(token);
  }

  /** Joins a room. Events `room` report its state. @param {string} room */
  join(room) {
    this.#session.join(room);
  }

  /** Leaves a room and discards its unacknowledged writes. @param {string} room */
  leave(room) {
    this.#session.leave(room);
  }

  /** @param {string} room @returns {Message[]} oldest first, provisional ones last */
  messages(room) {
    return this.#log(room)?.messages ?? [];
  }

  /** @param {string} room @returns {Outgoing[]} unacknowledged messages, to display below messages(room) */
  pending(room) {
    return this.#session.queue.pending(room).filter((item) => !item.messageId || !this.#log(room)?.get(item.messageId));
  }

  /**
   * @param {string} room
   * @returns {{state: "out" | "joining" | "in" | "refused", ready: boolean, loaded: boolean, more: boolean, epoch: string, presence: Presence | null} | undefined}
   *   ready: the log has no gap, so writes are sent; loaded: the history was received; more: loadOlder can load more
   */
  room(room) {
    const sync = this.#session.rooms.get(room);
    return sync && { state: sync.state, ready: sync.ready, loaded: sync.log.loaded, more: sync.log.more, epoch: sync.log.epoch, presence: sync.presence };
  }

  /**
   * Sends a message now, or when a connection exists. The message is stored once, even if it has to be resent.
   * @param {string} room one of `rooms`
   * @param {string} message
   * @returns {Promise<Ack>}
   */
  sendMessage(room, message) {
    this.#session.typing.onSent(room);
    return this.#session.write({ type: "send_message", room, message });
  }

  /** @param {string} room @param {string} messageId @param {string} message @returns {Promise<Ack>} */
  editMessage(room, messageId, message) {
    return this.#session.write({ type: "edit_message", room, messageId, message });
  }

  /** @param {string} room @param {string} messageId @returns {Promise<Ack>} */
  deleteMessage(room, messageId) {
    return this.#session.write({ type: "delete_message", room, messageId });
  }

  /**
   * Deletes all messages of a user; only admins may.
   * @param {string} room @param {string} userId @returns {Promise<Ack>}
   */
  bulkDelete(room, userId) {
    return this.#session.write({ type: "bulk_delete", room, userId });
  }

  /** Resends a failed message. @param {string} id of the Outgoing */
  retry(id) {
    this.#session.queue.retry(id);
  }

  /** Removes a message that has not been acknowledged. @param {string} id of the Outgoing */
  discard(id) {
    this.#session.queue.discard(id);
  }

  /** Loads a page of older messages. @param {string} room @returns {Promise<boolean>} whether older messages remain */
  async loadOlder(room) {
    return this.#session.rooms.get(room)?.loadOlder() ?? false;
  }

  /**
   * Removes all but the newest messages of a room; loadOlder loads them again.
   * @param {string} room @param {number} keep
   */
  trim(room, keep) {
    if (this.#log(room)?.trim(keep)) {
      this.dispatchEvent(new CustomEvent("messages", { detail: { room, kind: "append", added: [] } }));
    }
  }

  /**
   * Requests a page of the users present in a room.
   * @param {string} room
   * @param {{cursor?: string, limit?: number}} [page]
   * @returns {Promise<{data: {userId: string, userName?: string, userAvatar?: string, role: string}[], next?: string}>}
   */
  who(room, { cursor, limit = 100 } = {}) {
    return this.#session.request({ type: "who", room, limit, ...(cursor && { cursor }) });
  }

  /** Signals that this user is typing; sends at most one frame per room every 3 s. @param {string} room */
  typing(room) {
    const { rooms, typing, connection } = this.#session;
    if (rooms.get(room)?.ready && typing.shouldSend(room)) {
      connection.send({ type: "typing", room });
    }
  }

  #log(room) {
    return this.#session.rooms.get(room)?.log;
  }
}
