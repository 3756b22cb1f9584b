import { byId, focusText } from "./dom.js";

const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/;
const WHY = "Paste your access token. It stays in this tab and is forgotten when you close it.";

/**
 * Asks whether a message is to be deleted.
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
      giveBack();
      resolve(dialog.returnValue === "yes");
    }, { once: true });
  });
}

/** A dialog gives the focus back to where it was, but not the caret. */
function giveBack() {
  const field = document.activeElement;
  if (field?.matches("textarea, input")) {
    focusText(field);
  }
}

/** The dialog that asks who the user is. */
export class SignIn {
  #waiting = []; // {resolve, reject} of everybody who asked

  constructor() {
    byId("sign-in-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    byId("guest-button").addEventListener("click", () => this.#settle(null));
    byId("sign-in").addEventListener("close", () => {
      giveBack();
      this.#settle(undefined);
    });
  }

  /**
   * @param {string} [why] shown above the field
   * @returns {Promise<string | null>} the token, null for a guest; rejects if the dialog is closed
   */
  ask(why = WHY) {
    const dialog = byId("sign-in");
    byId("sign-in-why").textContent = why;
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
      this.#settle(token);
    } else {
      byId("sign-in-error").textContent = "This does not look like a token: it has three parts with dots between them.";
      byId("token-input").focus();
    }
  }

  #settle(token) {
    const waiting = this.#waiting;
    this.#waiting = [];
    byId("token-input").value = "";
    byId("sign-in").close();
    for (const { resolve, reject } of waiting) {
      if (token === undefined) {
        reject(new Error("The sign-in was cancelled"));
      } else {
        resolve(token);
      }
    }
  }
}
