/**
 * ChatClient: a client of the chatnode protocol. No DOM, no dependencies; runs in browsers and in Node
 * (from 22 on; from 19 on with a WebSocket of a package, say "ws", as option).
 *
 *     const chat = new ChatClient({ url: "wss://chat.example.com/chat", rooms: ["global"], token });
 *     chat.addEventListener("messages", ({ detail }) => render(chat.messages(detail.room)));
 *     chat.connect();
 *     await chat.sendMessage("global", "Hello");
 *
 * It reconnects (full jitter, or in its slot after `shutdown`), resumes every room where it stood,
 * asks for what is missing, shows each message once and in order, and sends each write under one id
 * until it is acknowledged.
 *
 * Events, with their detail:
 *
 * | event          | detail |
 * |----------------|--------|
 * | `state`        | ConnectionState: {state, retryAt?, code?, reason?} |
 * | `connected`    | the frame: {userId, userName, role, sessionId, instanceId, pingMs, limits, status} |
 * | `room`         | {room, state: "out" \| "joining" \| "in" \| "refused" \| "left", ready, error?} |
 * | `messages`     | {room, kind: "reset" \| "append" \| "prepend", added: Message[]} - read messages(room) |
 * | `outgoing`     | Outgoing: a write has changed its state - read pending(room) |
 * | `presence`     | {room, guests, members, admins, exact} |
 * | `typing`       | {room, users: [{userId, userName?}]} |
 * | `status`       | {mode: "ok" \| "degraded", cause, since, effects} |
 * | `throttled`    | {id?, retryAfterMs, limit, windowMs, roomId} - what was sent waits and goes out again |
 * | `error`        | {id?, code, error, retry} that belongs to no write |
 * | `auth-expiring`| {inMs} |
 * | `shutdown`     | {reason, reconnectAfterMs, deadlineMs} |
 *
 * Methods that return a promise reject with a ChatError, whose `code` is the protocol's or one of the client's own: see
 * client/errors.js. A write that nobody waits for may be left alone: its failure comes as `outgoing` too.
 *
 * @typedef {import("./client/connection.js").ConnectionState} ConnectionState
 * @typedef {import("./client/room-log.js").Message} Message
 * @typedef {import("./client/send-queue.js").Outgoing} Outgoing
 *
 * @typedef {object} Me the frame `connected`
 * @property {string} userId
 * @property {string} userName
 * @property {"guest" | "member" | "admin"} role
 * @property {true} [readOnly] nothing can be written
 * @property {string} sessionId
 * @property {string} instanceId
 * @property {number} pingMs
 * @property {{maxMessageLength: number, maxFrameBytes: number, rateMessages: number, rateWindowMs: number}} limits
 *
 * @typedef {object} Status
 * @property {"ok" | "degraded"} mode
 * @property {string} [cause] a sentence to show
 * @property {number} [since] ms since the Unix epoch, by the server's clock
 * @property {string[]} effects sentences to show
 *
 * @typedef {object} Ack
 * @property {string} id of the Outgoing
 * @property {string} room
 * @property {string} messageId what was written, edited or deleted
 * @property {number} [seq] its place; not there yet while `stored` is "journal"
 * @property {"redis" | "local" | "journal"} [stored]
 * @property {boolean} [duplicate] it had been carried out before
 *
 * @typedef {{guests: number, members: number, admins: number, exact: boolean}} Presence
 *
 * @typedef {object} ChatEvents event → detail, as in the table
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
  /** Who this is, from `connected`; null before. @type {Me | null} */
  me = null;
  /** The node's last `status`. @type {Status} */
  status = { mode: "ok", effects: [] };

  #session;

  /**
   * @param {object} options
   * @param {string} options.url of /chat, ws: or wss:
   * @param {string[]} [options.rooms] joined from the start
   * @param {string} [options.token] a JWT; none: a guest
   * @param {() => Promise<string | null>} [options.refreshToken] asked on `auth_expiring`; null: nothing newer
   * @param {(why: string) => Promise<string | null>} [options.reauthenticate] asked when the token is refused;
   *   null: go on as a guest. Without it, or when it rejects, the client stays in state "unauthorized".
   * @param {{baseMs?: number, capMs?: number, random?: () => number}} [options.backoff]
   * @param {number} [options.queueMax] writes kept at most (200)
   * @param {Pick<Storage, "getItem" | "setItem" | "removeItem">} [options.storage] where writes without an answer are kept over the end of the program, to go out
   *   again under their ids: sessionStorage, or anything with getItem, setItem and removeItem. Not to be shared by
   *   two clients at a time.
   * @param {typeof WebSocket} [options.WebSocket] another implementation than the global one
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
   * EventTarget's own, with types.
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

  /** @returns {string[]} names of the rooms that are joined, or will be */
  get rooms() {
    return [...this.#session.rooms.keys()];
  }

  /** Connects, at once if it is waiting to. */
  connect() {
    this.#session.connection.open();
  }

  /**
   * To be called when the program or its device has slept, or the network has changed: connects at once if it is
   * waiting to, and otherwise finds out within 5 s whether the connection still stands. In a page, on `online` and
   * whenever it becomes visible.
   */
  wake() {
    this.#session.connection.wake();
  }

  /** Disconnects and stays so. Unsent writes wait for the next connect. */
  disconnect() {
    this.#session.connection.close();
  }

  /** Changes who this is, by a new connection. @param {string | null} token null: a guest */
  signIn(token) {
    this.#session.signIn(token);
  }

  /** Joins a room. Its state comes as `room` events. @param {string} room */
  join(room) {
    this.#session.join(room);
  }

  /** Leaves a room; what is on its way there is discarded. @param {string} room */
  leave(room) {
    this.#session.leave(room);
  }

  /** @param {string} room @returns {Message[]} oldest first, provisional ones last */
  messages(room) {
    return this.#log(room)?.messages ?? [];
  }

  /** @param {string} room @returns {Outgoing[]} what is to be shown below messages(room) */
  pending(room) {
    return this.#session.queue.pending(room).filter((item) => !item.messageId || !this.#log(room)?.get(item.messageId));
  }

  /**
   * @param {string} room
   * @returns {{state: "out" | "joining" | "in" | "refused", ready: boolean, loaded: boolean, more: boolean, epoch: string, presence: Presence | null} | undefined}
   *   ready: caught up, so that writes go out; loaded: there are messages(room); more: older ones for loadOlder
   */
  room(room) {
    const sync = this.#session.rooms.get(room);
    return sync && { state: sync.state, ready: sync.ready, loaded: sync.log.loaded, more: sync.log.more, epoch: sync.log.epoch, presence: sync.presence };
  }

  /**
   * Sends a message, now or when there is a connection: over as many as that takes, once.
   * @param {string} room one of `rooms`
   * @param {string} message
   * @returns {Promise<Ack>}
   */
  sendMessage(room, message) {
    this.#session.typing.sent(room);
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

  /** Deletes all messages of a user; for admins. @param {string} room @param {string} userId @returns {Promise<Ack>} */
  bulkDelete(room, userId) {
    return this.#session.write({ type: "bulk_delete", room, userId });
  }

  /** Tries a failed message again. @param {string} id of the Outgoing */
  retry(id) {
    this.#session.queue.retry(id);
  }

  /** Gives up a message that has not been acknowledged. @param {string} id of the Outgoing */
  discard(id) {
    this.#session.queue.discard(id);
  }

  /** Loads a page of older messages. @param {string} room @returns {Promise<boolean>} whether there is more */
  async loadOlder(room) {
    return this.#session.rooms.get(room)?.older() ?? false;
  }

  /** Forgets all but the newest messages of a room; loadOlder brings them back. @param {string} room @param {number} keep */
  trim(room, keep) {
    if (this.#log(room)?.trim(keep)) {
      this.dispatchEvent(new CustomEvent("messages", { detail: { room, kind: "append", added: [] } }));
    }
  }

  /**
   * A page of who is present.
   * @param {string} room
   * @param {{cursor?: string, limit?: number}} [page]
   * @returns {Promise<{data: {userId: string, userName?: string, userAvatar?: string, role: string}[], next?: string}>}
   */
  who(room, { cursor, limit = 100 } = {}) {
    return this.#session.request({ type: "who", room, limit, ...(cursor && { cursor }) });
  }

  /** Says that this user types; goes out at most every 3 s. @param {string} room */
  typing(room) {
    const { rooms, typing, connection } = this.#session;
    if (rooms.get(room)?.ready && typing.due(room)) {
      connection.send({ type: "typing", room });
    }
  }

  #log(room) {
    return this.#session.rooms.get(room)?.log;
  }
}
