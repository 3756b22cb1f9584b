/**
 * Exponential backoff with full jitter. The n-th delay is random between 0 and min(capMs, baseMs * 2^n).
 * This prevents all clients of a failed server from reconnecting at the same time.
 */
export class Backoff {
  #attempt = 0;

  /**
   * @param {{baseMs?: number, capMs?: number, random?: () => number}} [options]
   */
  constructor({ baseMs = 500, capMs = 30_000, random = Math.random } = {}) {
    this.baseMs = baseMs;
    this.capMs = capMs;
    this.random = random;
  }

  /** The number of calls of next since the last reset. */
  get attempt() {
    return this.#attempt;
  }

  /**
   * @param {number} [minMs] added to the random delay
   * @returns {number} ms to wait before the next attempt
   */
  next(minMs = 0) {
    const maxMs = Math.min(this.capMs, this.baseMs * 2 ** this.#attempt);
    this.#attempt += 1;
    return minMs + this.random() * maxMs;
  }

  /** Resets the delay to its minimum. */
  reset() {
    this.#attempt = 0;
  }
}
