import { byId, el, iconButton } from "./dom.js";

const DISPLAY_MS = 6000;
const MAX_TOASTS = 3;

/** Short notices in the corner. A text is not shown again while it is visible. */
export class Toasts {
  /**
   * @param {string} text
   * @param {{kind?: "info" | "warning" | "error", action?: {label: string, click: () => void}}} [options]
   *   a notice with an action stays until it is closed
   */
  show(text, { kind = "info", action } = {}) {
    const box = byId("toasts");
    if ([...box.children].some((toast) => toast.dataset.text === text)) {
      return;
    }
    const toast = el("div.toast", { "data-kind": kind, "data-text": text }, el("span.toast-text", {}, text));
    if (action) {
      toast.append(el("button.link-button", { type: "button", click: () => this.#runAction(toast, action) }, action.label));
    } else {
      setTimeout(() => toast.remove(), DISPLAY_MS);
    }
    toast.append(iconButton("close", "Dismiss", () => toast.remove()));
    box.append(toast);
    while (box.children.length > MAX_TOASTS) {
      box.firstElementChild.remove();
    }
  }

  #runAction(toast, action) {
    toast.remove();
    action.click();
  }
}
