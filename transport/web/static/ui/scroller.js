const BOTTOM = 60; // px from the end that still count as the end
const TOP = 400; // px from either end at which more messages are wanted

/** Keeps a scrolling list where its reader is: at the end, or at the row they are looking at. */
export class Scroller {
  #box;
  #atBottom = true;
  #top = 0; // where the box stood when #atBottom was last measured, and how tall it was
  #height = 0;

  /**
   * @param {HTMLElement} box the scrolling element; its rows are li elements
   * @param {() => void} moved called after the reader has scrolled
   */
  constructor(box, moved) {
    this.#box = box;
    box.addEventListener("scroll", () => {
      this.#measure();
      moved();
    }, { passive: true });
    new ResizeObserver(() => this.atBottom && this.toBottom()).observe(box);
  }

  /** The last row is the newest message. While it is not, the end is no place to stay at. */
  tail = true;

  /** The newest message is in view, and new ones should be. */
  get atBottom() {
    return this.tail && this.#atBottom;
  }

  /** The last row is in view, or nearly so. */
  get nearBottom() {
    const { scrollHeight, scrollTop, clientHeight } = this.#box;
    return scrollHeight - scrollTop - clientHeight < TOP;
  }

  /** The oldest loaded message is in view, or nearly so. */
  get nearTop() {
    return this.#box.scrollTop < TOP;
  }

  /** The next change ends at the bottom. */
  stick() {
    this.tail = true;
    this.#atBottom = true;
  }

  toBottom() {
    this.#atBottom = true;
    this.#box.scrollTop = this.#box.scrollHeight;
    this.#top = this.#box.scrollTop;
    this.#height = this.#box.clientHeight;
  }

  #measure() {
    const { scrollHeight, scrollTop, clientHeight } = this.#box;
    if (this.atBottom && clientHeight !== this.#height) {
      this.toBottom(); // the box has moved, not its reader, and the observer is still to hear of it
      return;
    }
    this.#atBottom = scrollHeight - scrollTop - clientHeight < BOTTOM;
    this.#top = scrollTop;
    this.#height = clientHeight;
  }

  /** Makes a change without moving what the reader looks at. */
  hold(change) {
    if (this.#box.scrollTop !== this.#top) {
      this.#measure(); // scrolled, and the event is still to come
    }
    if (this.atBottom) {
      change();
      this.toBottom();
      return;
    }
    const top = this.#box.getBoundingClientRect().top;
    const anchor = [...this.#box.querySelectorAll("li.message")].find((row) => row.getBoundingClientRect().bottom > top);
    // Its lower edge, because its heading goes when a message of the same author comes before it.
    const before = anchor?.getBoundingClientRect().bottom;
    change();
    if (anchor?.isConnected) {
      this.#box.scrollTop += anchor.getBoundingClientRect().bottom - before;
      this.#top = this.#box.scrollTop;
    }
  }
}
