import { byId, focusText } from "./dom.js";

const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/;
const DEFAULT_PROMPT = "Paste your access token. It is stored in this tab only and removed when you close the tab.";

/**
 * Asks the user to confirm the deletion of a message.
 * @param {string} text of the message
 * @returns {Promise<boolean>}
 */
export function confirmDelete(text) {
  const dialog = byId("confirm");
  byId("confirm-title").textContent = "Delete this message?";
  byId("confirm-text").textContent = text.length > 140 ? `${text.slice(0, 140)}…` : text;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      restoreCaret();
      resolve(dialog.returnValue === "yes");
    }, { once: true });
  });
}

/** Restores the caret, because closing a dialog only restores the focus. */
function restoreCaret() {
  const field = document.activeElement;
  if (field?.matches("textarea, input")) {
    focusText(field);
  }
}

/** The sign-in dialog. */
export class SignIn {
  #waiting = []; // {resolve, reject} of each call of ask

  constructor() {
    byId("sign-in-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    byId("guest-button").addEventListener("click", () => this.#complete(null));
    byId("sign-in").addEventListener("close", () => {
      restoreCaret();
      this.#complete(undefined);
    });
  }

  /**
   * @param {string} [prompt] text above the field
   * @returns {Promise<string | null>} the token, null for a guest; rejects if the dialog is closed
   */
  ask(prompt = DEFAULT_PROMPT) {
    const dialog = byId("sign-in");
    byId("sign-in-prompt").textContent = prompt;
    byId("sign-in-error").textContent = "";
    byId("token-input").value = "";
    if (!dialog.open) {
      dialog.showModal();
      byId("token-input").focus();
    }
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #submit() {
    const token = byId("token-input").value.trim().replace(/^Bearer\s+/i, "");
    if (JWT.test(token)) {
      this.#complete(token);
    } else {
      byId("sign-in-error").textContent = "This is not a valid token. A token has three parts separated by dots.";
      byId("token-input").focus();
    }
  }

  #complete(token) {
    const waiting = this.#waiting;
    this.#waiting = [];
    byId("token-input").value = "";
    byId("sign-in").close();
    for (const { resolve, reject } of waiting) {
      if (token === undefined) {
        reject(new Error("Sign-in was canceled"));
      } else {
        resolve(token);
      }
    }
  }
}
