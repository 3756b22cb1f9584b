const KEPT_MS = 5 * 60 * 1000;

/**
 * What was pulled in the last five minutes, by node: a load balancer may have each pull answered by
 * another one, and no line is drawn from one node's figures to another's.
 */
export class History {
  #nodes = new Map(); // instance id → samples, oldest first

  /** @returns {object[]} the samples of the node that has answered, this answer last */
  add(answer) {
    const sample = sampleOf(answer);
    let samples = this.#nodes.get(answer.instanceId) ?? [];
    if (samples.at(-1)?.startedAt !== sample.startedAt) {
      samples = []; // started anew: its counters begin at zero
    }
    const last = samples.at(-1);
    if (last && sample.uptimeMs > last.uptimeMs) {
      measure(sample, last);
    }
    samples = [...samples.filter((s) => sample.uptimeMs - s.uptimeMs <= KEPT_MS), sample];
    this.#nodes.set(answer.instanceId, samples);
    return samples;
  }

  clear() {
    this.#nodes.clear();
  }
}

function sampleOf({ startedAt, uptimeMs, totals, journal, kinds }) {
  return {
    startedAt,
    uptimeMs,
    totals,
    clients: totals.clients,
    rooms: totals.rooms,
    latencyMs: totals.latencyMs,
    depth: kinds.reduce((sum, kind) => sum + kind.depth, 0),
    journalBytes: journal.bytes,
    shownRate: null,
    receivedRate: null,
    sentRate: null,
  };
}

function measure(sample, last) {
  const per = (name) => (Math.max(0, sample.totals[name] - last.totals[name]) * 1000) / (sample.uptimeMs - last.uptimeMs);
  sample.shownRate = per("shown");
  sample.receivedRate = per("received");
  sample.sentRate = per("sentBytes");
}
