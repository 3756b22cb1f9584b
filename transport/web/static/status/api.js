const STORAGE_KEY = "chatnode.admin";
const REQUEST_TIMEOUT_MS = 8000;

/** The admin key. It is stored in sessionStorage, or in memory if the browser forbids storage. */
export const credentials = {
  memoryKey: null,
  /** @returns {string | null} */
  get key() {
    try {
      return sessionStorage.getItem(STORAGE_KEY) ?? this.memoryKey;
    } catch {
      return this.memoryKey;
    }
  },
  set key(key) {
    this.memoryKey = key;
    try {
      if (key === null) {
        sessionStorage.removeItem(STORAGE_KEY);
      } else {
        sessionStorage.setItem(STORAGE_KEY, key);
      }
    } catch {
      // The browser forbids storage. The key remains until the page is closed.
    }
  },
};

/** The reason of a failed request. signIn: another key is required; otherwise a retry may succeed. */
export class StatusError extends Error {
  constructor(message, { signIn = false } = {}) {
    super(message);
    this.signIn = signIn;
  }
}

/**
 * Requests the status of the node.
 * @param {Record<string, string | number>} query offsets of the lists and order of the rooms
 * @param {AbortSignal} signal aborts the request
 * @returns {Promise<object>} the response of /status/data
 * @throws {StatusError}
 */
export async function fetchStatus(query, signal) {
  const response = await request(`/status/data?${new URLSearchParams(query)}`, AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]));
  if (!response.ok) {
    throw await statusError(response);
  }
  try {
    return await response.json();
  } catch {
    throw new StatusError("The response is incomplete.");
  }
}

async function request(url, signal) {
  const key = credentials.key;
  let headers;
  try {
    headers = new Headers(key === null ? {} : { Authorization: `Bearer ${key}` });
  } catch {
    throw new StatusError("The key contains invalid characters.", { signIn: true });
  }
  try {
    return await fetch(url, { headers, signal, cache: "no-store" });
  } catch {
    throw new StatusError("The node does not respond.");
  }
}

async function statusError(response) {
  const problem = await response.json().catch(() => ({}));
  switch (response.status) {
    case 401:
      return new StatusError(credentials.key === null ? "" : "This key or token is invalid or has expired.", { signIn: true });
    case 403:
      return new StatusError("This token is valid, but only admins can view the status.", { signIn: true });
    default:
      return new StatusError(problem.title ? `The node returned an error: ${problem.title}` : `The node returned an error (HTTP ${response.status}).`);
  }
}
