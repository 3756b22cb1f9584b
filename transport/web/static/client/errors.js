/**
 * ChatError has a code of the protocol ("message_too_long", "forbidden", …) or one that the client adds:
 * "disconnected", "timeout", "queue_full", "not_joined", "discarded", "uncertain" (the write may or may not have been
 * stored).
 */
export class ChatError extends Error {
  /**
   * @param {string} code
   * @param {string} message a text for the user
   */
  constructor(code, message) {
    super(message);
    this.name = "ChatError";
    this.code = code;
  }

  /** @param {{code?: string, error?: string}} frame an `error` frame */
  static from(frame) {
    return new ChatError(frame.code ?? "internal", frame.error ?? "Something went wrong");
  }
}

/**
 * Creates an id for a request. For a write it is the idempotency key.
 * @returns {string} 128 random bits in hex
 */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}
