import { Connection } from "./connection.js";
import { ChatError, newId } from "./errors.js";
import { Requests } from "./requests.js";
import { RoomSync } from "./room-sync.js";
import { SendQueue } from "./send-queue.js";
import { Typing } from "./typing.js";

/** Session implements ChatClient. It passes each frame to the module that handles it. */
export class Session {
  /** @type {Map<string, RoomSync>} in the order of joining; the URL names the first one */
  rooms = new Map();
  connection;
  queue;
  typing;

  #options;
  #emit;
  #token;
  #userId = null;
  #tokenAccepted = false; // the server has accepted this token, or a guest, before
  #requests = new Requests();

  /**
   * @param {object} options of ChatClient
   * @param {(type: string, detail: object) => void} emit
   */
  constructor(options, emit) {
    this.#options = options;
    this.#emit = emit;
    this.#token = options.token ?? null;
    this.connection = new Connection({
      url: () => this.#url(),
      protocols: () => (this.#token ? ["chatnode", `bearer.${this.#token}`] : ["chatnode"]),
      probe: (url) => this.#probe(url),
      tokenSuspect: () => !this.#tokenAccepted || expired(this.#token),
      onFrame: (frame) => this.#receive(frame),
      onState: (state) => this.#onState(state),
      backoff: options.backoff,
      WebSocket: options.WebSocket ?? globalThis.WebSocket,
    });
    this.queue = new SendQueue({
      send: (frame) => this.connection.send(frame),
      ready: (room) => this.rooms.get(room)?.ready ?? false,
      refused: (room) => this.rooms.get(room)?.refusal ?? null,
      ackTimeout: () => this.connection.wake(),
      changed: (item) => emit("outgoing", item),
      maxQueued: options.maxQueued,
      storage: options.storage,
    });
    this.typing = new Typing((room) => emit("typing", { room, users: this.typing.users(room) }));
    (options.rooms ?? []).forEach((room) => this.#add(room));
  }

  signIn(token) {
    this.#token = token;
    this.#tokenAccepted = false;
    this.connection.close();
    this.connection.open();
  }

  join(room) {
    const known = this.rooms.get(room);
    if (!known || known.state === "refused") {
      (known ?? this.#add(room)).join();
    }
  }

  leave(room) {
    const sync = this.rooms.get(room);
    if (sync) {
      this.rooms.delete(room);
      sync.onDisconnected();
      this.queue.discardRoom(room);
      this.connection.send({ type: "leave", id: newId(), room });
      this.#emit("room", { room, state: "left", ready: false });
    }
  }

  /** @returns {Promise<object>} the `ack`; rejects with a ChatError */
  write(frame) {
    if (!this.rooms.has(frame.room)) {
      return Promise.reject(new ChatError("not_joined", "Join the room first")); // it might wait forever
    }
    return this.queue.add(frame);
  }

  /** @returns {Promise<object>} the response frame; rejects with a ChatError */
  request(frame) {
    const id = newId();
    if (!this.connection.send({ ...frame, id })) {
      return Promise.reject(new ChatError("disconnected", "Not connected"));
    }
    return this.#requests.waitFor(id);
  }

  #add(name) {
    const sync = new RoomSync(name, {
      send: (frame) => this.connection.send(frame),
      request: (frame) => this.request(frame),
      changed: (kind, added) => this.#messagesChanged(sync, kind, added),
      stateChanged: () => this.#roomStateChanged(sync),
    });
    this.rooms.set(name, sync);
    return sync;
  }

  #messagesChanged(sync, kind, added) {
    added.forEach((m) => this.typing.stop(sync.name, m.userId));
    this.queue.matchDelivered(sync.name, sync.log, added.filter((m) => m.userId === this.#userId));
    this.#emit("messages", { room: sync.name, kind, added });
  }

  #roomStateChanged(sync) {
    if (this.rooms.get(sync.name) === sync) {
      this.#emit("room", { room: sync.name, state: sync.state, ready: sync.ready });
      this.queue.pump();
    }
  }

  /** The room that the server joins automatically. */
  get #first() {
    return [...this.rooms.values()].find((sync) => sync.state !== "refused");
  }

  #url() {
    const url = new URL(this.#options.url);
    const since = this.#first?.log.position;
    if (this.#first) {
      url.searchParams.set("room", this.#first.name);
    }
    if (since) {
      url.searchParams.set("epoch", since.epoch);
      url.searchParams.set("since", String(since.seq));
    }
    return url.href;
  }

  #probe(url) {
    const headers = this.#token ? { Authorization: `Bearer ${this.#token}` } : {};
    return fetch(url.replace(/^ws/, "http"), { headers, cache: "no-store", signal: AbortSignal.timeout(5000) });
  }

  #onState(state) {
    if (state.state !== "online" && state.state !== "connecting") {
      this.#requests.failAll(new ChatError("disconnected", "The connection was lost"));
      this.queue.onDisconnected();
      this.typing.clear();
      [...this.rooms.values()].filter((sync) => sync.state !== "refused").forEach((sync) => sync.onDisconnected());
    }
    this.#emit("state", state);
    if (state.state === "unauthorized") {
      this.#reauthenticate(state);
    }
  }

  async #reauthenticate(state) {
    try {
      const token = await this.#options.reauthenticate?.(state.reason);
      if (token !== undefined && this.connection.state === state) {
        this.signIn(token);
      }
    } catch {
      // The user did not sign in. The state remains "unauthorized".
    }
  }

  async #onAuthExpiring(frame) {
    this.#emit("auth-expiring", frame);
    try {
      const token = await this.#options.refreshToken?.();
      if (token) {
        this.#token = token;
        await this.request({ type: "auth", token });
      }
    } catch (error) {
      this.#emit("error", { code: error.code ?? "unauthorized", error: error.message, retry: false });
    }
  }

  #receive(frame) {
    this.#handlers[frame.type]?.(frame);
  }

  #handlers = {
    connected: (frame) => this.#onConnected(frame),
    joined: (frame) => this.#onJoined(frame),
    message_history: (frame) => this.#requests.resolve(frame.id, frame) || this.rooms.get(frame.room)?.onHistory(frame),
    new_message: (frame) => this.rooms.get(frame.room)?.onEntry(frame),
    message_updated: (frame) => this.rooms.get(frame.room)?.onEntry(frame),
    message_deleted: (frame) => this.rooms.get(frame.room)?.onEntry(frame),
    bulk_delete: (frame) => this.rooms.get(frame.room)?.onEntry(frame),
    committed: (frame) => this.rooms.get(frame.room)?.onEntry(frame),
    resync: (frame) => this.rooms.get(frame.room)?.reload(),
    roster: (frame) => this.#requests.resolve(frame.id, frame),
    ack: (frame) => this.#onAck(frame),
    presence: (frame) => this.#onPresence(frame),
    typing: (frame) => this.rooms.has(frame.room) && frame.data.userId !== this.#userId && this.typing.onTyping(frame.room, frame.data),
    throttled: (frame) => this.#onThrottled(frame),
    error: (frame) => this.#onError(frame),
    status: (frame) => this.#onStatus(frame),
    auth_expiring: (frame) => this.#onAuthExpiring(frame),
    shutdown: (frame) => this.#emit("shutdown", frame),
  };

  #onConnected(frame) {
    this.#userId = frame.userId;
    this.queue.setUser(frame.userId);
    this.#tokenAccepted = true;
    this.#emit("connected", frame);
    this.#onStatus(frame.status);
    const first = this.#first;
    first?.expectJoined();
    [...this.rooms.values()].filter((sync) => sync !== first && sync.state !== "refused").forEach((sync) => sync.join());
  }

  /** Accepts a room chosen by the server only if this client requested none. */
  #onJoined(frame) {
    const sync = this.rooms.get(frame.room) ?? (this.rooms.size === 0 ? this.#add(frame.room) : null);
    if (sync) {
      sync.onJoined(frame);
    } else {
      this.connection.send({ type: "leave", id: newId(), room: frame.room });
    }
  }

  /** @param {Partial<import("../chat-client.js").Status>} [status] */
  #onStatus({ mode = "ok", cause, since, effects = [] } = {}) {
    this.#emit("status", { mode, cause, since, effects });
  }

  #onAck(frame) {
    if (!this.#requests.resolve(frame.id, frame) && this.queue.onAck(frame)) {
      const sync = this.rooms.get(frame.room);
      this.queue.matchDelivered(frame.room, sync?.log ?? { get: () => null, seq: 0 }, []);
    }
  }

  #onPresence({ room, data, exact }) {
    const sync = this.rooms.get(room);
    if (sync) {
      sync.presence = { ...data, exact };
      this.#emit("presence", { room, ...sync.presence });
    }
  }

  #onThrottled(frame) {
    this.queue.onThrottled(frame);
    this.#emit("throttled", frame);
  }

  #onError(frame) {
    if (this.#requests.fail(frame.id, ChatError.from(frame)) || this.queue.onError(frame)) {
      return;
    }
    const sync = [...this.rooms.values()].find((s) => frame.id && s.joinId === frame.id);
    if (sync && !frame.retry) {
      sync.onRefused(ChatError.from(frame));
      this.#emit("room", { room: sync.name, state: "refused", ready: false, error: frame });
    } else if (!sync) {
      this.#emit("error", frame);
    }
  }
}

/** @returns {boolean} whether the claim `exp` of a JWT is in the past */
function expired(token) {
  try {
    const payload = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    return JSON.parse(atob(payload)).exp * 1000 < Date.now();
  } catch {
    return false; // no token or an invalid one; the server will reject it
  }
}
