const RETENTION_MS = 5 * 60 * 1000;

/**
 * The samples of the last five minutes, by node. They are separated, because a load balancer may send each request to
 * another node.
 */
export class SampleHistory {
  #nodes = new Map(); // instance id → samples, oldest first

  /** @returns {object[]} the samples of the node that responded, oldest first, including this one */
  add(response) {
    const sample = toSample(response);
    let samples = this.#nodes.get(response.instanceId) ?? [];
    if (samples.at(-1)?.startedAt !== sample.startedAt) {
      samples = []; // the node restarted, so its counters started at zero
    }
    const last = samples.at(-1);
    if (last && sample.uptimeMs > last.uptimeMs) {
      addRates(sample, last);
    }
    samples = [...samples.filter((s) => sample.uptimeMs - s.uptimeMs <= RETENTION_MS), sample];
    this.#nodes.set(response.instanceId, samples);
    return samples;
  }

  clear() {
    this.#nodes.clear();
  }
}

function toSample({ startedAt, uptimeMs, totals, journal, kinds }) {
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

function addRates(sample, last) {
  const per = (name) => (Math.max(0, sample.totals[name] - last.totals[name]) * 1000) / (sample.uptimeMs - last.uptimeMs);
  sample.shownRate = per("shown");
  sample.receivedRate = per("received");
  sample.sentRate = per("sentBytes");
}
