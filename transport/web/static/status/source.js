const KEY = "chatnode.admin";
const PATIENCE_MS = 8000;

/** The key that the page was given: this tab remembers it, where the browser lets it. */
export const credentials = {
  held: null,
  /** @returns {string | null} */
  get key() {
    try {
      return sessionStorage.getItem(KEY) ?? this.held;
    } catch {
      return this.held;
    }
  },
  set key(key) {
    this.held = key;
    try {
      if (key === null) {
        sessionStorage.removeItem(KEY);
      } else {
        sessionStorage.setItem(KEY, key);
      }
    } catch {
      // a browser that forbids storage: the key lives as long as the page
    }
  },
};

/** Why there is no answer. `signIn`: another key is needed; otherwise the same request may succeed later. */
export class PullError extends Error {
  constructor(message, { signIn = false } = {}) {
    super(message);
    this.signIn = signIn;
  }
}

/**
 * Asks the node for its picture.
 * @param {Record<string, string | number>} view offsets and the order of the rooms
 * @param {AbortSignal} signal ends the request
 * @returns {Promise<object>} the answer of /status/data
 * @throws {PullError}
 */
export async function pull(view, signal) {
  const response = await ask(`/status/data?${new URLSearchParams(view)}`, AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]));
  if (!response.ok) {
    throw await refusal(response);
  }
  try {
    return await response.json();
  } catch {
    throw new PullError("The answer was cut off.");
  }
}

async function ask(url, signal) {
  const key = credentials.key;
  let headers;
  try {
    headers = new Headers(key === null ? {} : { Authorization: `Bearer ${key}` });
  } catch {
    throw new PullError("The key holds characters that no key has.", { signIn: true });
  }
  try {
    return await fetch(url, { headers, signal, cache: "no-store" });
  } catch {
    throw new PullError("The node does not answer.");
  }
}

async function refusal(response) {
  const problem = await response.json().catch(() => ({}));
  switch (response.status) {
    case 401:
      return new PullError(credentials.key === null ? "" : "The node does not know this key or token, or it has expired.", { signIn: true });
    case 403:
      return new PullError("You are signed in, but only admins may see the status.", { signIn: true });
    default:
      return new PullError(problem.title ? `The node says: ${problem.title}` : `The node answers with an error (${response.status}).`);
  }
}
