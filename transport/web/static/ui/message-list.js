import { byId, focusText } from "./dom.js";
import { buildRow } from "./message-item.js";
import { Scroller } from "./scroller.js";
import { layOut } from "./timeline.js";

const KEEP = 200; // messages kept while the newest are in view
const KEEP_MAX = 400;

/** The messages of the open room: draws what has changed, pages upwards, edits inline. */
export class MessageList {
  #chat;
  #dialogs;
  #room = "";
  #nodes = new Map(); // key → {node, signature}
  #busy = new Map();
  #editing = null;
  #scroller;
  #drawing = null;
  #loading = false;
  #unseen = 0;

  /**
   * @param {import("../chat-client.js").ChatClient} chat
   * @param {{confirmDelete: (text: string) => Promise<boolean>, failed: (what: string, error: Error) => void}} dialogs
   */
  constructor(chat, dialogs) {
    this.#chat = chat;
    this.#dialogs = dialogs;
    this.#scroller = new Scroller(byId("messages"), () => this.#scrolled());
    byId("jump-latest").addEventListener("click", () => this.#scroller.toBottom());
    byId("messages").addEventListener("keydown", (event) => this.#key(event));
    chat.addEventListener("messages", ({ detail }) => detail.room === this.#room && this.#changed(detail));
    chat.addEventListener("outgoing", ({ detail }) => detail.room === this.#room && this.#sent(detail));
    chat.addEventListener("room", ({ detail }) => detail.room === this.#room && this.draw());
    chat.addEventListener("connected", () => this.draw());
  }

  /** Shows another room, at its end. */
  open(room) {
    this.#room = room;
    this.#editing = null;
    this.#unseen = 0;
    this.#scroller.stick();
    this.draw();
  }

  /** Edits the user's newest message; what ArrowUp in an empty message box does. */
  editLast() {
    const last = this.#chat.messages(this.#room).findLast((m) => m.userId === this.#chat.me?.userId && !m.provisional);
    if (last) {
      this.#edit(last);
    }
  }

  /** Draws soon. A timer, because animation frames stand still in a hidden tab. */
  draw() {
    this.#drawing ??= setTimeout(() => {
      this.#drawing = null;
      this.#draw();
    }, 10);
  }

  #draw() {
    const rows = layOut({
      messages: this.#chat.messages(this.#room),
      pending: this.#chat.pending(this.#room),
      me: this.#chat.me,
      busy: this.#busy,
      editing: this.#editing,
    });
    this.#scroller.hold(() => this.#reconcile(rows));
    this.#drawState(rows);
    byId("jump-latest").hidden = this.#scroller.atBottom;
    byId("jump-text").textContent = this.#unseen > 0 ? `${this.#unseen} new ${this.#unseen === 1 ? "message" : "messages"}` : "Latest messages";
    this.#loadOlder();
  }

  #drawState(rows) {
    const room = this.#chat.room(this.#room);
    const state = byId("history-state");
    state.dataset.state = room?.loaded ? (room.more ? "more" : "start") : "loading";
    if (!room?.loaded) {
      state.textContent = room?.state === "refused" ? "This room cannot be joined." : "Loading messages…";
    } else if (room.more) {
      state.textContent = this.#loading ? "Loading older messages…" : "";
    } else {
      state.textContent = rows.length > 0 ? `This is the beginning of #${this.#room}` : "No messages yet. Say hello!";
    }
  }

  /** Changes the list to rows, touching only what differs. */
  #reconcile(rows) {
    const list = byId("message-list");
    const keys = new Set(rows.map((row) => row.key));
    for (const [key, { node }] of this.#nodes) {
      if (!keys.has(key)) {
        node.remove();
        this.#nodes.delete(key);
      }
    }
    let next = list.firstElementChild;
    for (const row of rows) {
      const node = this.#node(row);
      if (node === next) {
        next = next.nextElementSibling;
      } else {
        list.insertBefore(node, next);
      }
    }
  }

  #node(row) {
    const known = this.#nodes.get(row.key);
    if (known?.signature === row.signature) {
      return known.node;
    }
    const node = buildRow(row, this.#actions);
    const focused = known?.node.contains(document.activeElement);
    if (known) {
      // In place, so that the reconciler finds the new element where the old one was.
      const twin = known.node;
      while (twin.attributes.length > 0) {
        twin.removeAttribute(twin.attributes[0].name);
      }
      for (const { name, value } of node.attributes) {
        twin.setAttribute(name, value);
      }
      twin.replaceChildren(...node.childNodes);
    }
    const kept = known?.node ?? node;
    this.#nodes.set(row.key, { node: kept, signature: row.signature });
    if (focused && !kept.contains(document.activeElement)) {
      kept.focus({ preventScroll: true });
    }
    return kept;
  }

  #changed({ kind, added }) {
    const others = added.filter((m) => m.userId !== this.#chat.me?.userId);
    if (kind === "append" && !this.#scroller.atBottom) {
      this.#unseen += others.length;
    }
    byId("messages").setAttribute("aria-busy", String(kind === "prepend"));
    if (this.#scroller.atBottom && this.#chat.messages(this.#room).length > KEEP_MAX) {
      this.#chat.trim(this.#room, KEEP);
    }
    this.draw();
  }

  #sent(item) {
    if (item.state === "queued" && !item.firstSentAt && item.frame.type === "send_message") {
      this.#scroller.stick(); // the user wants to see what they have just written
    }
    this.draw();
  }

  #scrolled() {
    if (this.#scroller.atBottom) {
      this.#unseen = 0;
    }
    this.draw();
  }

  async #loadOlder() {
    const room = this.#room;
    if (this.#loading || !this.#scroller.nearTop || !this.#chat.room(room)?.more || this.#chat.state.state !== "online") {
      return;
    }
    this.#loading = true;
    try {
      await this.#chat.loadOlder(room);
    } catch (error) {
      this.#dialogs.failed("Older messages could not be loaded", error);
      await new Promise((resolve) => setTimeout(resolve, 3000)); // before the next try
    }
    this.#loading = false;
    this.draw();
  }

  #actions = {
    edit: (message) => this.#edit(message),
    remove: (message) => this.#remove(message),
    save: (message, text) => this.#save(message, text),
    retry: (id) => this.#chat.retry(id),
    discard: (id) => this.#chat.discard(id),
  };

  #edit(message) {
    this.#editing = message.id;
    this.#draw();
    const input = this.#nodes.get(message.id)?.node.querySelector("textarea");
    input?.focus();
    input?.setSelectionRange(input.value.length, input.value.length);
    input?.scrollIntoView({ block: "nearest" });
  }

  async #save(message, text) {
    this.#editing = null;
    if (text) {
      this.#during(message.id, "Saving…", "The change was not saved", this.#chat.editMessage(this.#room, message.id, text));
    } else {
      this.draw();
    }
    focusText(byId("composer-input"));
  }

  async #remove(message) {
    if (await this.#dialogs.confirmDelete(message.message)) {
      this.#during(message.id, "Deleting…", "The message was not deleted", this.#chat.deleteMessage(this.#room, message.id));
      focusText(byId("composer-input"));
    }
  }

  async #during(id, what, failure, promise) {
    this.#busy.set(id, what);
    this.draw();
    try {
      await promise;
    } catch (error) {
      this.#dialogs.failed(failure, error);
    }
    this.#busy.delete(id);
    this.draw();
  }

  #key(event) {
    const rows = [...byId("message-list").querySelectorAll("li.message")];
    const at = rows.indexOf(event.target.closest("li.message"));
    const message = this.#chat.messages(this.#room).find((m) => m.id === rows[at]?.dataset.messageId);
    const own = message?.userId === this.#chat.me?.userId && !message?.provisional;
    const moves = { ArrowUp: at < 0 ? rows.length - 1 : at - 1, ArrowDown: at + 1, Home: 0, End: rows.length - 1 };
    if (event.key in moves && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      rows[moves[event.key]]?.focus();
    } else if (event.key === "Escape") {
      focusText(byId("composer-input"));
    } else if (message && event.key === "e" && own) {
      event.preventDefault();
      this.#edit(message);
    } else if (message && event.key === "Delete" && (own || this.#chat.me?.role === "admin")) {
      this.#remove(message);
    }
  }
}
