import { byId, el, iconButton } from "./dom.js";

const SHOW_MS = 6000;
const MAX = 3;

/** Short notices in the corner. The same text is not shown twice at a time. */
export class Toasts {
  /**
   * @param {string} text
   * @param {{kind?: "info" | "warning" | "error", action?: {label: string, click: () => void}}} [options]
   *   one with an action stays until it is closed
   */
  show(text, { kind = "info", action } = {}) {
    const box = byId("toasts");
    if ([...box.children].some((toast) => toast.dataset.text === text)) {
      return;
    }
    const toast = el("div.toast", { "data-kind": kind, "data-text": text }, el("span.toast-text", {}, text));
    if (action) {
      toast.append(el("button.link-button", { type: "button", click: () => this.#act(toast, action) }, action.label));
    } else {
      setTimeout(() => toast.remove(), SHOW_MS);
    }
    toast.append(iconButton("close", "Dismiss", () => toast.remove()));
    box.append(toast);
    while (box.children.length > MAX) {
      box.firstElementChild.remove();
    }
  }

  #act(toast, action) {
    toast.remove();
    action.click();
  }
}
