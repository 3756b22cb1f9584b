const BOTTOM_PX = 60; // a distance below this counts as the end
const EDGE_PX = 400; // more messages are loaded within this distance from either end

/** Preserves the scroll position of a list: the end, or the first visible row. */
export class Scroller {
  #box;
  #atBottom = true;
  #top = 0; // scrollTop when #atBottom was last measured
  #height = 0; // clientHeight at that time

  /**
   * @param {HTMLElement} box the scrolling element; its rows are li elements
   * @param {() => void} onScroll called after the user scrolled
   */
  constructor(box, onScroll) {
    this.#box = box;
    box.addEventListener("scroll", () => {
      this.#measure();
      onScroll();
    }, { passive: true });
    new ResizeObserver(() => this.atBottom && this.toBottom()).observe(box);
  }

  /** Whether the last row is the newest message. Otherwise the list does not stick to the end. */
  showsNewest = true;

  /** Whether the newest message is visible and the list follows new messages. */
  get atBottom() {
    return this.showsNewest && this.#atBottom;
  }

  /** Whether the last row is visible or within EDGE_PX. */
  get nearBottom() {
    const { scrollHeight, scrollTop, clientHeight } = this.#box;
    return scrollHeight - scrollTop - clientHeight < EDGE_PX;
  }

  /** Whether the first row is visible or within EDGE_PX. */
  get nearTop() {
    return this.#box.scrollTop < EDGE_PX;
  }

  /** Scrolls to the bottom with the next change. */
  stickToBottom() {
    this.showsNewest = true;
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
      this.toBottom(); // the box was resized, not scrolled; the observer runs later
      return;
    }
    this.#atBottom = scrollHeight - scrollTop - clientHeight < BOTTOM_PX;
    this.#top = scrollTop;
    this.#height = clientHeight;
  }

  /** Runs a change that does not move the visible rows. */
  preserveScroll(change) {
    if (this.#box.scrollTop !== this.#top) {
      this.#measure(); // the user scrolled, and the event is pending
    }
    if (this.atBottom) {
      change();
      this.toBottom();
      return;
    }
    const top = this.#box.getBoundingClientRect().top;
    const anchor = [...this.#box.querySelectorAll("li.message")].find((row) => row.getBoundingClientRect().bottom > top);
    // The lower edge is used, because the author line disappears if a message of the same author is inserted before it.
    const before = anchor?.getBoundingClientRect().bottom;
    change();
    if (anchor?.isConnected) {
      this.#box.scrollTop += anchor.getBoundingClientRect().bottom - before;
      this.#top = this.#box.scrollTop;
    }
  }
}
