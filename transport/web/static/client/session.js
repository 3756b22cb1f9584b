import { Connection } from "./connection.js";
import { ChatError, newId } from "./errors.js";
import { Requests } from "./requests.js";
import { RoomSync } from "./room-sync.js";
import { SendQueue } from "./send-queue.js";
import { Typing } from "./typing.js";

/** What ChatClient is behind its face: hands each frame to the part that it concerns. */
export class Session {
  /** @type {Map<string, RoomSync>} in the order of joining; the first goes into the URL */
  rooms = new Map();
  connection;
  queue;
  typing;

  #options;
  #emit;
  #token;
  #userId = null;
  #admitted = false; // the server has taken this token, or its absence, before
  #requests = new Requests();

  /**
   * @param {object} options those of ChatClient
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
      doubtful: () => !this.#admitted || expired(this.#token),
      onFrame: (frame) => this.#receive(frame),
      onState: (state) => this.#stateChanged(state),
      backoff: options.backoff,
      WebSocket: options.WebSocket ?? globalThis.WebSocket,
    });
    this.queue = new SendQueue({
      send: (frame) => this.connection.send(frame),
      ready: (room) => this.rooms.get(room)?.ready ?? false,
      refused: (room) => this.rooms.get(room)?.refusal ?? null,
      late: () => this.connection.wake(),
      changed: (item) => emit("outgoing", item),
      max: options.queueMax,
      storage: options.storage,
    });
    this.typing = new Typing((room) => emit("typing", { room, users: this.typing.users(room) }));
    (options.rooms ?? []).forEach((room) => this.#add(room));
  }

  signIn(token) {
    this.#token = token;
    this.#admitted = false;
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
      sync.disconnected();
      this.queue.left(room);
      this.connection.send({ type: "leave", id: newId(), room });
      this.#emit("room", { room, state: "left", ready: false });
    }
  }

  /** @returns {Promise<object>} the `ack`, whenever it comes; rejects with a ChatError */
  write(frame) {
    if (!this.rooms.has(frame.room)) {
      return Promise.reject(new ChatError("not_joined", "Join the room first")); // it might wait for ever
    }
    return this.queue.add(frame);
  }

  /** @returns {Promise<object>} the frame that answers; rejects with a ChatError */
  request(frame) {
    const id = newId();
    if (!this.connection.send({ ...frame, id })) {
      return Promise.reject(new ChatError("disconnected", "Not connected"));
    }
    return this.#requests.open(id);
  }

  #add(name) {
    const sync = new RoomSync(name, {
      send: (frame) => this.connection.send(frame),
      request: (frame) => this.request(frame),
      changed: (kind, added) => this.#changed(sync, kind, added),
      moved: () => this.#moved(sync),
    });
    this.rooms.set(name, sync);
    return sync;
  }

  #changed(sync, kind, added) {
    added.forEach((m) => this.typing.stopped(sync.name, m.userId));
    this.queue.delivered(sync.name, sync.log, added.filter((m) => m.userId === this.#userId));
    this.#emit("messages", { room: sync.name, kind, added });
  }

  #moved(sync) {
    if (this.rooms.get(sync.name) === sync) {
      this.#emit("room", { room: sync.name, state: sync.state, ready: sync.ready });
      this.queue.pump();
    }
  }

  /** The room that the server joins by itself. */
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

  #stateChanged(state) {
    if (state.state !== "online" && state.state !== "connecting") {
      this.#requests.failAll(new ChatError("disconnected", "The connection was lost"));
      this.queue.disconnected();
      this.typing.clear();
      [...this.rooms.values()].filter((sync) => sync.state !== "refused").forEach((sync) => sync.disconnected());
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
      // nobody signed in: the state says so already
    }
  }

  async #refresh(frame) {
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
    connected: (frame) => this.#connected(frame),
    joined: (frame) => this.#joined(frame),
    message_history: (frame) => this.#requests.settle(frame.id, frame) || this.rooms.get(frame.room)?.history(frame),
    new_message: (frame) => this.rooms.get(frame.room)?.receive(frame),
    message_updated: (frame) => this.rooms.get(frame.room)?.receive(frame),
    message_deleted: (frame) => this.rooms.get(frame.room)?.receive(frame),
    bulk_delete: (frame) => this.rooms.get(frame.room)?.receive(frame),
    committed: (frame) => this.rooms.get(frame.room)?.receive(frame),
    resync: (frame) => this.rooms.get(frame.room)?.reload(),
    roster: (frame) => this.#requests.settle(frame.id, frame),
    ack: (frame) => this.#acked(frame),
    presence: (frame) => this.#presence(frame),
    typing: (frame) => this.rooms.has(frame.room) && frame.data.userId !== this.#userId && this.typing.heard(frame.room, frame.data),
    throttled: (frame) => this.#throttled(frame),
    error: (frame) => this.#failed(frame),
    status: (frame) => this.#statusChanged(frame),
    auth_expiring: (frame) => this.#refresh(frame),
    shutdown: (frame) => this.#emit("shutdown", frame),
  };

  #connected(frame) {
    this.#userId = frame.userId;
    this.queue.belongTo(frame.userId);
    this.#admitted = true;
    this.#emit("connected", frame);
    this.#statusChanged(frame.status);
    const first = this.#first;
    first?.expectJoined();
    [...this.rooms.values()].filter((sync) => sync !== first && sync.state !== "refused").forEach((sync) => sync.join());
  }

  /** A room that nobody asked for is the server's own choice, where no room was asked for at all. */
  #joined(frame) {
    const sync = this.rooms.get(frame.room) ?? (this.rooms.size === 0 ? this.#add(frame.room) : null);
    if (sync) {
      sync.joined(frame);
    } else {
      this.connection.send({ type: "leave", id: newId(), room: frame.room });
    }
  }

  /** @param {Partial<import("../chat-client.js").Status>} [status] */
  #statusChanged({ mode = "ok", cause, since, effects = [] } = {}) {
    this.#emit("status", { mode, cause, since, effects });
  }

  #acked(frame) {
    if (!this.#requests.settle(frame.id, frame) && this.queue.ack(frame)) {
      const sync = this.rooms.get(frame.room);
      this.queue.delivered(frame.room, sync?.log ?? { get: () => null, seq: 0 }, []);
    }
  }

  #presence({ room, data, exact }) {
    const sync = this.rooms.get(room);
    if (sync) {
      sync.presence = { ...data, exact };
      this.#emit("presence", { room, ...sync.presence });
    }
  }

  #throttled(frame) {
    this.queue.throttled(frame);
    this.#emit("throttled", frame);
  }

  #failed(frame) {
    if (this.#requests.fail(frame.id, ChatError.from(frame)) || this.queue.refuse(frame)) {
      return;
    }
    const sync = [...this.rooms.values()].find((s) => frame.id && s.joinId === frame.id);
    if (sync && !frame.retry) {
      sync.refused(ChatError.from(frame));
      this.#emit("room", { room: sync.name, state: "refused", ready: false, error: frame });
    } else if (!sync) {
      this.#emit("error", frame);
    }
  }
}

/** @returns {boolean} whether a JWT says of itself that its time is over */
function expired(token) {
  try {
    const payload = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    return JSON.parse(atob(payload)).exp * 1000 < Date.now();
  } catch {
    return false; // no token, or none that can be read: the server will say
  }
}
