import { byId } from "./dom.js";
import { HistoryState } from "./history-state.js";
import { MessageActions } from "./message-actions.js";
import { MessageRows } from "./message-rows.js";
import { MessageWindow } from "./message-window.js";
import { Scroller } from "./scroller.js";
import { buildRows } from "./timeline.js";

const KEPT = 200; // messages that remain after trimming while the newest message is visible
const MAX_KEPT = 400; // more messages are trimmed

/** The messages of the open room. It draws changes and loads older messages on demand. */
export class MessageList {
  #chat;
  #unread;
  #on;
  #room = "";
  #actions;
  #rows;
  #scroller;
  #history;
  #window = new MessageWindow();
  #drawing = null;
  #loading = false;
  #firstNew; // id of the message below the line "New messages"

  /**
   * @param {import("../chat-client.js").ChatClient} chat
   * @param {import("./unread.js").Unread} unread
   * @param {object} on
   * @param {(text: string) => Promise<boolean>} on.confirmDelete
   * @param {(failure: string, error: Error) => void} on.failed
   * @param {(text: string) => void} on.done
   * @param {(room: string) => void} on.share
   * @param {(messages: object[]) => void} on.newMessages called with the new messages of other users
   */
  constructor(chat, unread, on) {
    this.#chat = chat;
    this.#unread = unread;
    this.#on = on;
    this.#actions = new MessageActions(chat, {
      ...on, room: () => this.#room, draw: (now) => (now ? this.#draw() : this.draw()), showEditor: (id) => this.#showEditor(id),
    });
    this.#rows = new MessageRows(byId("message-list"), this.#actions);
    this.#scroller = new Scroller(byId("messages"), () => this.#onScroll());
    this.#history = new HistoryState(on.share);
    this.#listen();
  }

  #listen() {
    const ifOpen = (handler) => ({ detail }) => detail.room === this.#room && handler(detail);
    this.#chat.addEventListener("messages", ifOpen((detail) => this.#onNewMessages(detail)));
    this.#chat.addEventListener("outgoing", ifOpen((detail) => this.#onOutgoing(detail)));
    this.#chat.addEventListener("room", ifOpen(() => this.draw()));
    this.#chat.addEventListener("state", () => this.draw());
    this.#chat.addEventListener("connected", () => this.draw());
    byId("jump-latest").addEventListener("click", () => this.#jumpToNewest());
    byId("messages").addEventListener("keydown", (event) => this.#onKey(event));
    byId("messages").addEventListener("focusin", ({ target }) => this.#setTabIndex(target, 0));
    byId("messages").addEventListener("focusout", ({ target }) => this.#setTabIndex(target, -1));
    document.addEventListener("visibilitychange", () => this.#onScroll());
  }

  /** Whether the user sees new messages as they arrive. */
  get atNewest() {
    return this.#scroller.atBottom && !document.hidden;
  }

  /** Displays another room, scrolled to its end. */
  open(room) {
    this.#room = room;
    this.#actions.draft = null;
    this.#firstNew = this.#unread.first(room);
    this.#window.reset();
    this.#scroller.stickToBottom();
    this.draw();
  }

  editLast() {
    this.#actions.editLast();
  }

  /** Draws within 10 ms. It uses a timer, because a hidden tab has no animation frames. */
  draw() {
    this.#drawing ??= setTimeout(() => {
      this.#drawing = null;
      this.#draw();
    }, 10);
  }

  #draw() {
    const messages = this.#window.slice(this.#chat.messages(this.#room));
    const room = this.#chat.room(this.#room);
    const rows = buildRows({
      messages,
      pending: this.#window.showsNewest ? this.#chat.pending(this.#room) : [],
      me: this.#chat.me,
      busy: this.#actions.busy,
      editing: this.#actions.draft?.id,
      firstNew: this.#firstNew,
      online: this.#chat.state.state === "online",
    });
    this.#scroller.preserveScroll(() => {
      this.#scroller.showsNewest = this.#window.showsNewest;
      this.#history.draw(this.#room, room && { ...room, more: room.more || messages[0] !== this.#chat.messages(this.#room)[0] }, { empty: rows.length === 0, loading: this.#loading });
      this.#rows.reconcile(rows);
    });
    if (this.atNewest) {
      this.#unread.read(this.#room);
    }
    const unseen = this.#unread.count(this.#room);
    byId("jump-latest").hidden = this.#scroller.atBottom;
    byId("jump-text").textContent = unseen > 0 ? `${unseen} new ${unseen === 1 ? "message" : "messages"}` : "Latest messages";
    this.#loadVisible();
  }

  /** Extends the window, or loads a page, if the user scrolled close to its edge. */
  #loadVisible() {
    const messages = this.#chat.messages(this.#room);
    if (this.#scroller.nearTop && !this.#scroller.atBottom && this.#window.extendOlder(messages)) {
      this.draw();
    } else if (this.#scroller.nearTop) {
      this.#loadOlder();
    } else if (this.#scroller.nearBottom && this.#window.extendNewer(messages)) {
      this.draw();
    }
  }

  #onNewMessages({ kind, added }) {
    const others = added.filter((m) => m.userId !== this.#chat.me?.userId);
    const messages = this.#chat.messages(this.#room);
    if (kind === "reset") {
      this.#window.reset();
    }
    if (kind === "prepend") {
      this.#window.extendOlder(messages); // scrolling requested them
    }
    if (kind === "append") {
      this.#on.newMessages(others);
    }
    if (this.atNewest && messages.length > MAX_KEPT) {
      this.#chat.trim(this.#room, KEPT);
    }
    if (others.length > 0) {
      this.#firstNew = this.#unread.first(this.#room) ?? this.#firstNew;
    }
    if (kind === "append" && !this.#scroller.atBottom) {
      this.#window.keepPosition(messages, added.length);
    }
    this.draw();
  }

  #onOutgoing(item) {
    if (item.state === "queued" && !item.firstSentAt && item.frame.type === "send_message") {
      this.#firstNew = undefined; // a user who writes has read the messages
      this.#window.reset();
      this.#scroller.stickToBottom(); // display the new message
    }
    this.draw();
  }

  #onScroll() {
    if (this.#scroller.atBottom) {
      this.#window.reset();
    }
    this.draw();
  }

  #jumpToNewest() {
    this.#window.reset();
    this.#scroller.stickToBottom();
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
      await new Promise((resolve) => setTimeout(resolve, 3000)); // delay before the next attempt
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

  /** Makes the buttons of a message reachable by Tab only while the message has the focus. */
  #setTabIndex(target, tabIndex) {
    for (const button of target.closest("li.message")?.querySelectorAll(".actions button") ?? []) {
      button.tabIndex = tabIndex;
    }
  }

  #onKey(event) {
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
    } else if (message && this.#actions.onKey(event.key, message)) {
      event.preventDefault();
    }
  }
}
