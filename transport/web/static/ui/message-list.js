import { byId } from "./dom.js";
import { HistoryState } from "./history-state.js";
import { MessageActs } from "./message-acts.js";
import { MessageRows } from "./message-rows.js";
import { Scroller } from "./scroller.js";
import { layOut } from "./timeline.js";
import { ViewWindow } from "./view-window.js";

const KEEP = 200; // messages kept while the newest are in view
const KEEP_MAX = 400;

/** The messages of the open room: draws what has changed, and pages through what there is. */
export class MessageList {
  #chat;
  #unread;
  #on;
  #room = "";
  #acts;
  #rows;
  #scroller;
  #history;
  #window = new ViewWindow();
  #drawing = null;
  #loading = false;
  #firstNew; // the id of the message that the line "New messages" stands above

  /**
   * @param {import("../chat-client.js").ChatClient} chat
   * @param {import("./unread.js").Unread} unread
   * @param {object} on
   * @param {(text: string) => Promise<boolean>} on.confirmDelete
   * @param {(what: string, error: Error) => void} on.failed
   * @param {(text: string) => void} on.done
   * @param {(room: string) => void} on.share
   * @param {(messages: object[]) => void} on.came messages of others were shown
   */
  constructor(chat, unread, on) {
    this.#chat = chat;
    this.#unread = unread;
    this.#on = on;
    this.#acts = new MessageActs(chat, {
      ...on, room: () => this.#room, draw: (now) => (now ? this.#draw() : this.draw()), editing: (id) => this.#showEditor(id),
    });
    this.#rows = new MessageRows(byId("message-list"), this.#acts);
    this.#scroller = new Scroller(byId("messages"), () => this.#scrolled());
    this.#history = new HistoryState(on.share);
    this.#listen();
  }

  #listen() {
    const here = (act) => ({ detail }) => detail.room === this.#room && act(detail);
    this.#chat.addEventListener("messages", here((detail) => this.#changed(detail)));
    this.#chat.addEventListener("outgoing", here((detail) => this.#sent(detail)));
    this.#chat.addEventListener("room", here(() => this.draw()));
    this.#chat.addEventListener("state", () => this.draw());
    this.#chat.addEventListener("connected", () => this.draw());
    byId("jump-latest").addEventListener("click", () => this.#jump());
    byId("messages").addEventListener("keydown", (event) => this.#key(event));
    byId("messages").addEventListener("focusin", ({ target }) => this.#reach(target, 0));
    byId("messages").addEventListener("focusout", ({ target }) => this.#reach(target, -1));
    document.addEventListener("visibilitychange", () => this.#scrolled());
  }

  /** Whether what comes in now is seen. */
  get watched() {
    return this.#scroller.atBottom && !document.hidden;
  }

  /** Shows another room, at its end. */
  open(room) {
    this.#room = room;
    this.#acts.draft = null;
    this.#firstNew = this.#unread.first(room);
    this.#window.reset();
    this.#scroller.stick();
    this.draw();
  }

  editLast() {
    this.#acts.editLast();
  }

  /** Draws soon. A timer, because animation frames stand still in a hidden tab. */
  draw() {
    this.#drawing ??= setTimeout(() => {
      this.#drawing = null;
      this.#draw();
    }, 10);
  }

  #draw() {
    const messages = this.#window.of(this.#chat.messages(this.#room));
    const room = this.#chat.room(this.#room);
    const rows = layOut({
      messages,
      pending: this.#window.tail ? this.#chat.pending(this.#room) : [],
      me: this.#chat.me,
      busy: this.#acts.busy,
      editing: this.#acts.draft?.id,
      firstNew: this.#firstNew,
      online: this.#chat.state.state === "online",
    });
    this.#scroller.hold(() => {
      this.#scroller.tail = this.#window.tail;
      this.#history.draw(this.#room, room && { ...room, more: room.more || messages[0] !== this.#chat.messages(this.#room)[0] }, { empty: rows.length === 0, loading: this.#loading });
      this.#rows.reconcile(rows);
    });
    if (this.watched) {
      this.#unread.read(this.#room);
    }
    const unseen = this.#unread.count(this.#room);
    byId("jump-latest").hidden = this.#scroller.atBottom;
    byId("jump-text").textContent = unseen > 0 ? `${unseen} new ${unseen === 1 ? "message" : "messages"}` : "Latest messages";
    this.#look();
  }

  /** Brings what the reader is about to scroll to. */
  #look() {
    const messages = this.#chat.messages(this.#room);
    if (this.#scroller.nearTop && !this.#scroller.atBottom && this.#window.up(messages)) {
      this.draw();
    } else if (this.#scroller.nearTop) {
      this.#loadOlder();
    } else if (this.#scroller.nearBottom && this.#window.down(messages)) {
      this.draw();
    }
  }

  #changed({ kind, added }) {
    const others = added.filter((m) => m.userId !== this.#chat.me?.userId);
    const messages = this.#chat.messages(this.#room);
    if (kind === "reset") {
      this.#window.reset();
    }
    if (kind === "prepend") {
      this.#window.up(messages); // the reader has asked for them
    }
    if (kind === "append") {
      this.#on.came(others);
    }
    if (this.watched && messages.length > KEEP_MAX) {
      this.#chat.trim(this.#room, KEEP);
    }
    if (others.length > 0) {
      this.#firstNew = this.#unread.first(this.#room) ?? this.#firstNew;
    }
    if (kind === "append" && !this.#scroller.atBottom) {
      this.#window.grown(messages, added.length);
    }
    this.draw();
  }

  #sent(item) {
    if (item.state === "queued" && !item.firstSentAt && item.frame.type === "send_message") {
      this.#firstNew = undefined; // who answers has read
      this.#window.reset();
      this.#scroller.stick(); // the user wants to see what they have just written
    }
    this.draw();
  }

  #scrolled() {
    if (this.#scroller.atBottom) {
      this.#window.reset();
    }
    this.draw();
  }

  #jump() {
    this.#window.reset();
    this.#scroller.stick();
    this.#draw();
    byId("messages").focus({ preventScroll: true });
  }

  async #loadOlder() {
    const room = this.#room;
    if (this.#loading || !this.#chat.room(room)?.more || this.#chat.state.state !== "online") {
      return;
    }
    this.#loading = true;
    this.draw();
    try {
      await this.#chat.loadOlder(room);
    } catch (error) {
      this.#on.failed("Older messages could not be loaded", error);
      await new Promise((resolve) => setTimeout(resolve, 3000)); // before the next try
    }
    this.#loading = false;
    this.draw();
  }

  #showEditor(id) {
    const input = this.#rows.get(id)?.querySelector("textarea");
    input?.focus();
    input?.setSelectionRange(input.value.length, input.value.length);
    input?.scrollIntoView({ block: "nearest" });
  }

  /** The buttons of a message can be reached by Tab only from the message, or there would be no end of them. */
  #reach(target, tabIndex) {
    for (const button of target.closest("li.message")?.querySelectorAll(".actions button") ?? []) {
      button.tabIndex = tabIndex;
    }
  }

  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const rows = [...byId("message-list").querySelectorAll("li.message")];
    const at = rows.indexOf(event.target.closest("li.message"));
    const message = this.#chat.messages(this.#room).find((m) => m.id === rows[at]?.dataset.messageId);
    const moves = { ArrowUp: at < 0 ? rows.length - 1 : at - 1, ArrowDown: at + 1, Home: 0, End: rows.length - 1 };
    if (event.key in moves) {
      event.preventDefault();
      rows[moves[event.key]]?.focus();
    } else if (event.key === "Escape") {
      byId("composer-input").focus();
    } else if (message && this.#acts.key(event.key, message)) {
      event.preventDefault();
    }
  }
}
