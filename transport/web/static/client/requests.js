import { ChatError } from "./errors.js";

/** Requests that wait for a response frame with the same id. */
export class Requests {
  #waiting = new Map();

  /**
   * @param {string} id
   * @param {number} [timeoutMs]
   * @returns {Promise<object>} the response frame; rejects with a ChatError
   */
  waitFor(id, timeoutMs = 10_000) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.fail(id, new ChatError("timeout", "The server did not answer")), timeoutMs);
      this.#waiting.set(id, { resolve, reject, timer });
    });
  }

  /** @returns {boolean} whether a request with this id was waiting */
  resolve(id, frame) {
    return this.#complete(id, (request) => request.resolve(frame));
  }

  /** @returns {boolean} whether a request with this id was waiting */
  fail(id, error) {
    return this.#complete(id, (request) => request.reject(error));
  }

  failAll(error) {
    for (const id of [...this.#waiting.keys()]) {
      this.fail(id, error);
    }
  }

  #complete(id, callback) {
    const request = this.#waiting.get(id);
    if (!request) {
      return false;
    }
    this.#waiting.delete(id);
    clearTimeout(request.timer);
    callback(request);
    return true;
  }
}
