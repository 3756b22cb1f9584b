import { copy } from "./clipboard.js";
import { byId, focusText } from "./dom.js";

/** What a user does to a message: copies, edits, deletes it, by its buttons or by keys. */
export class MessageActs {
  /** What is being done to messages, by id: "Saving…". @type {Map<string, string>} */
  busy = new Map();
  /** What the open editor holds. @type {{id: string, text: string} | null} */
  draft = null;

  #chat;
  #on;

  /**
   * @param {import("../chat-client.js").ChatClient} chat
   * @param {object} on
   * @param {() => string} on.room the open room
   * @param {(now?: boolean) => void} on.draw
   * @param {(id: string) => void} on.editing the editor of a message is to be shown
   * @param {(text: string) => Promise<boolean>} on.confirmDelete
   * @param {(what: string, error: Error) => void} on.failed
   * @param {(text: string) => void} on.done
   */
  constructor(chat, on) {
    this.#chat = chat;
    this.#on = on;
  }

  /** Edits the user's newest message; what ArrowUp in an empty message box does. */
  editLast() {
    const last = this.#chat.messages(this.#on.room()).findLast((m) => this.#own(m));
    if (last) {
      this.edit(last);
    }
  }

  edit(message, text = message.message) {
    this.draft = { id: message.id, text };
    this.#on.draw(true);
    this.#on.editing(message.id);
  }

  changed(text) {
    this.draft.text = text;
  }

  /** @param {string | null} text null: nothing has changed */
  async save(message, text) {
    this.draft = null;
    this.#on.draw();
    focusText(byId("composer-input"));
    if (!text) {
      return;
    }
    const room = this.#on.room();
    const error = await this.#during(message.id, "saving…", "The change was not saved", this.#chat.editMessage(room, message.id, text));
    if (error && !this.draft && room === this.#on.room()) {
      this.edit(message, text); // what was written is not to be lost
    }
  }

  async remove(message) {
    if (await this.#on.confirmDelete(message.message)) {
      this.#during(message.id, "deleting…", "The message was not deleted", this.#chat.deleteMessage(this.#on.room(), message.id));
      focusText(byId("composer-input"));
    }
  }

  async copy(message) {
    if (await copy(message.message)) {
      this.#on.done("Copied");
    } else {
      this.#on.failed("Not copied", new Error("the browser does not allow it"));
    }
  }

  retry(id) {
    this.#chat.retry(id);
  }

  discard(id) {
    this.#chat.discard(id);
  }

  /** A key was pressed on a message. @returns {boolean} whether it meant something */
  key(key, message) {
    const own = this.#own(message);
    const act = { c: () => this.copy(message), e: own && (() => this.edit(message)), Delete: (own || this.#chat.me?.role === "admin") && (() => this.remove(message)) }[key];
    act && act();
    return Boolean(act);
  }

  #own(message) {
    return message.userId === this.#chat.me?.userId && !message.provisional;
  }

  /** @returns {Promise<Error | undefined>} */
  async #during(id, what, failure, promise) {
    this.busy.set(id, what);
    this.#on.draw();
    try {
      await promise;
      return undefined;
    } catch (error) {
      this.#on.failed(failure, error);
      return error;
    } finally {
      this.busy.delete(id);
      this.#on.draw();
    }
  }
}
