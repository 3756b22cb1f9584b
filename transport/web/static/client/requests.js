import { ChatError } from "./errors.js";

/** Requests that wait for the frame that answers them, matched by id. */
export class Requests {
  #open = new Map();

  /**
   * @param {string} id
   * @param {number} [timeoutMs]
   * @returns {Promise<object>} the answering frame; rejects with a ChatError
   */
  open(id, timeoutMs = 10_000) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.fail(id, new ChatError("timeout", "The server did not answer")), timeoutMs);
      this.#open.set(id, { resolve, reject, timer });
    });
  }

  /** @returns {boolean} whether a request had this id */
  settle(id, frame) {
    return this.#take(id, (request) => request.resolve(frame));
  }

  /** @returns {boolean} whether a request had this id */
  fail(id, error) {
    return this.#take(id, (request) => request.reject(error));
  }

  failAll(error) {
    for (const id of [...this.#open.keys()]) {
      this.fail(id, error);
    }
  }

  #take(id, settle) {
    const request = this.#open.get(id);
    if (!request) {
      return false;
    }
    this.#open.delete(id);
    clearTimeout(request.timer);
    settle(request);
    return true;
  }
}
