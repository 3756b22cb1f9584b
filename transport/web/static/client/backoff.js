/**
 * Exponential back-off with full jitter: the n-th wait is anywhere between 0 and
 * min(capMs, baseMs * 2^n), so that clients that lost one server do not return as one wave.
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

  /** How often next was called since the last reset. */
  get attempt() {
    return this.#attempt;
  }

  /**
   * @param {number} [floorMs] wait at least so long
   * @returns {number} ms to wait before the next attempt
   */
  next(floorMs = 0) {
    const ceiling = Math.min(this.capMs, this.baseMs * 2 ** this.#attempt);
    this.#attempt += 1;
    return floorMs + this.random() * ceiling;
  }

  /** Starts over from the shortest wait. */
  reset() {
    this.#attempt = 0;
  }
}
