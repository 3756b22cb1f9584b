import { byId, focusText } from "./dom.js";
import { settings } from "./settings.js";

const MAX_NAME_LENGTH = 20; // characters of a room name that fit into the placeholder on a phone
const COUNTDOWN_FROM = 200; // the counter appears if fewer characters remain

/** The message box. It stores one draft per room. */
export class Composer {
  #on;
  #room = "";
  #drafts = settings.drafts;
  #maxLength = 2000;
  #readOnly = false;
  #lastKey = "";

  /**
   * @param {object} on
   * @param {(text: string) => void} on.send
   * @param {() => void} on.typing
   * @param {() => void} on.editLast called for ArrowUp in the empty box
   */
  constructor(on) {
    this.#on = on;
    const input = byId("composer-input");
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    input.addEventListener("input", () => {
      this.#draw();
      this.#saveDraft();
      if (input.value.trim()) {
        on.typing();
      }
    });
    addEventListener("resize", () => this.#draw()); // line breaks and height change
    input.addEventListener("keydown", (event) => this.#onKey(event));
    input.addEventListener("beforeinput", (event) => this.#onLineBreak(event));
  }

  /** @param {number} maxLength code points per message */
  setMaxLength(maxLength) {
    this.#maxLength = maxLength;
    this.#draw();
  }

  /** Shows the draft of another room. */
  showDraft(room) {
    const input = byId("composer-input");
    this.#room = room;
    input.value = this.#drafts[room] ?? "";
    this.#draw();
    if (matchMedia("(hover: hover)").matches) {
      input.focus(); // not on a phone, because it opens the keyboard
    }
  }

  /** @param {boolean} readOnly whether the user cannot write */
  setReadOnly(readOnly) {
    this.#readOnly = readOnly;
    byId("composer").hidden = readOnly;
    byId("composer-hint").hidden = readOnly;
    byId("read-only").hidden = !readOnly;
    this.#draw();
  }

  #saveDraft() {
    const { value } = byId("composer-input");
    this.#drafts[this.#room] = value || undefined;
    settings.drafts = this.#drafts;
  }

  #onKey(event) {
    this.#lastKey = event.key === "Enter" && event.shiftKey ? "Shift+Enter" : event.key;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#send();
    } else if (event.key === "ArrowUp" && event.target.value === "") {
      event.preventDefault();
      this.#on.editLast();
    }
  }

  /** Sends on Enter of on-screen keyboards. They do not report keys, but insert a line break. */
  #onLineBreak(event) {
    if (event.inputType === "insertLineBreak" && this.#lastKey !== "Shift+Enter") {
      event.preventDefault();
      if (this.#lastKey !== "Enter") {
        this.#send();
      }
    }
  }

  #send() {
    const input = byId("composer-input");
    const text = input.value.trim();
    if (text && this.#remaining(text) >= 0 && !this.#readOnly) {
      input.value = "";
      this.#saveDraft();
      this.#draw();
      this.#on.send(text);
    }
    focusText(input);
  }

  #remaining(text) {
    return this.#maxLength - [...text].length;
  }

  #draw() {
    const input = byId("composer-input");
    const remaining = this.#remaining(input.value.trim());
    const name = this.#room.length > MAX_NAME_LENGTH ? `${this.#room.slice(0, MAX_NAME_LENGTH - 1)}…` : this.#room;
    input.placeholder = `Message #${name}`;
    input.readOnly = this.#readOnly;
    input.ariaInvalid = String(remaining < 0);
    byId("send-button").disabled = !input.value.trim() || remaining < 0 || this.#readOnly;
    const count = byId("composer-count");
    count.hidden = remaining > COUNTDOWN_FROM;
    count.textContent = remaining >= 0 ? String(remaining) : `${-remaining} over the limit`;
    count.dataset.over = remaining < 0;
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight}px`;
  }
}
