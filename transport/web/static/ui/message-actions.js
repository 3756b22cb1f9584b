import { copy } from "./clipboard.js";
import { byId, focusText } from "./dom.js";

/** The actions on a message: copy, edit, delete, retry and discard. */
export class MessageActions {
  /** The running action of each message, by id: "saving…". @type {Map<string, string>} */
  busy = new Map();
  /** The text in the open editor. @type {{id: string, text: string} | null} */
  draft = null;

  #chat;
  #on;

  /**
   * @param {import("../chat-client.js").ChatClient} chat
   * @param {object} on
   * @param {() => string} on.room the open room
   * @param {(now?: boolean) => void} on.draw
   * @param {(id: string) => void} on.showEditor
   * @param {(text: string) => Promise<boolean>} on.confirmDelete
   * @param {(failure: string, error: Error) => void} on.failed
   * @param {(text: string) => void} on.done
   */
  constructor(chat, on) {
    this.#chat = chat;
    this.#on = on;
  }

  /** Edits the newest message of the user. */
  editLast() {
    const last = this.#chat.messages(this.#on.room()).findLast((m) => this.#isOwn(m));
    if (last) {
      this.edit(last);
    }
  }

  edit(message, text = message.message) {
    this.draft = { id: message.id, text };
    this.#on.draw(true);
    this.#on.showEditor(message.id);
  }

  updateDraft(text) {
    this.draft.text = text;
  }

  /** @param {string | null} text null: unchanged */
  async save(message, text) {
    this.draft = null;
    this.#on.draw();
    focusText(byId("composer-input"));
    if (!text) {
      return;
    }
    const room = this.#on.room();
    const error = await this.#runBusy(message.id, "saving…", "The change was not saved", this.#chat.editMessage(room, message.id, text));
    if (error && !this.draft && room === this.#on.room()) {
      this.edit(message, text); // keep the text of the user
    }
  }

  async remove(message) {
    if (await this.#on.confirmDelete(message.message)) {
      this.#runBusy(message.id, "deleting…", "The message was not deleted", this.#chat.deleteMessage(this.#on.room(), message.id));
      focusText(byId("composer-input"));
    }
  }

  async copy(message) {
    if (await copy(message.message)) {
      this.#on.done("Copied");
    } else {
      this.#on.failed("The text was not copied", new Error("the browser does not allow access to the clipboard"));
    }
  }

  retry(id) {
    this.#chat.retry(id);
  }

  discard(id) {
    this.#chat.discard(id);
  }

  /** Handles a key pressed on a message. @returns {boolean} whether the key has an action */
  onKey(key, message) {
    const own = this.#isOwn(message);
    const action = { c: () => this.copy(message), e: own && (() => this.edit(message)), Delete: (own || this.#chat.me?.role === "admin") && (() => this.remove(message)) }[key];
    action && action();
    return Boolean(action);
  }

  #isOwn(message) {
    return message.userId === this.#chat.me?.userId && !message.provisional;
  }

  /** Displays the text busy at a message until the promise settles. @returns {Promise<Error | undefined>} */
  async #runBusy(id, busy, failure, promise) {
    this.busy.set(id, busy);
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
