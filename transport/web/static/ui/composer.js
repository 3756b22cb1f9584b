import { byId, focusText } from "./dom.js";
import { settings } from "./settings.js";

const NAME_MAX = 20; // characters of a room's name that fit into the empty box of a phone
const COUNT_FROM = 200; // characters left from which on they are counted down

/** The box in which messages are written. One draft for each room. */
export class Composer {
  #on;
  #room = "";
  #drafts = settings.drafts;
  #max = 2000;
  #locked = false;
  #lastKey = "";

  /**
   * @param {object} on
   * @param {(text: string) => void} on.send
   * @param {() => void} on.typing
   * @param {() => void} on.editLast ArrowUp in the empty box
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
      this.#keep();
      if (input.value.trim()) {
        on.typing();
      }
    });
    addEventListener("resize", () => this.#draw()); // lines break elsewhere
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("beforeinput", (event) => this.#lineBreak(event));
  }

  /** @param {number} max runes in a message */
  limit(max) {
    this.#max = max;
    this.#draw();
  }

  /** Shows the draft of another room. */
  open(room) {
    const input = byId("composer-input");
    this.#room = room;
    input.value = this.#drafts[room] ?? "";
    this.#draw();
    if (matchMedia("(hover: hover)").matches) {
      input.focus(); // on a phone that would raise the keyboard
    }
  }

  /** @param {boolean} locked nothing can be written here */
  lock(locked) {
    this.#locked = locked;
    byId("composer").hidden = locked;
    byId("composer-hint").hidden = locked;
    byId("read-only").hidden = !locked;
    this.#draw();
  }

  #keep() {
    const { value } = byId("composer-input");
    this.#drafts[this.#room] = value || undefined;
    settings.drafts = this.#drafts;
  }

  #key(event) {
    this.#lastKey = event.key === "Enter" && event.shiftKey ? "Shift+Enter" : event.key;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#send();
    } else if (event.key === "ArrowUp" && event.target.value === "") {
      event.preventDefault();
      this.#on.editLast();
    }
  }

  /** Keyboards on screen do not name their keys, so there the line break itself says Enter. */
  #lineBreak(event) {
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
    if (text && this.#left(text) >= 0 && !this.#locked) {
      input.value = "";
      this.#keep();
      this.#draw();
      this.#on.send(text);
    }
    focusText(input);
  }

  #left(text) {
    return this.#max - [...text].length;
  }

  #draw() {
    const input = byId("composer-input");
    const left = this.#left(input.value.trim());
    const name = this.#room.length > NAME_MAX ? `${this.#room.slice(0, NAME_MAX - 1)}…` : this.#room;
    input.placeholder = `Message #${name}`;
    input.readOnly = this.#locked;
    input.ariaInvalid = String(left < 0);
    byId("send-button").disabled = !input.value.trim() || left < 0 || this.#locked;
    const count = byId("composer-count");
    count.hidden = left > COUNT_FROM;
    count.textContent = left >= 0 ? String(left) : `${-left} too many`;
    count.dataset.over = left < 0;
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight}px`;
  }
}
