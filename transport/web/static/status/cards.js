import { el } from "../ui/dom.js";
import { bytes, count, duration, rate } from "./format.js";
import { Sparkline } from "./sparkline.js";

const CARDS = [
  { id: "clients", title: "Clients", format: count },
  { id: "receivedRate", title: "Commands per second", format: rate },
  { id: "shownRate", title: "Messages per second", format: rate },
  { id: "sentRate", title: "Sent per second", format: bytes },
  { id: "latencyMs", title: "Publish latency", format: duration },
  { id: "depth", title: "Messages in mailboxes", format: count },
  { id: "rooms", title: "Rooms", format: count },
  { id: "journalBytes", title: "Journal", format: bytes },
];

/** The key figures of the node, each with a sparkline of the last minutes. */
export class Cards {
  #cards;

  constructor(root) {
    this.#cards = CARDS.map((card) => {
      const value = el("strong.card-value", {}, "–");
      const top = el("span.card-top");
      const spark = new Sparkline();
      root.append(el("div.card", { "data-card": card.id }, el("h2.card-title", {}, card.title), el("p", {}, value, top), spark.svg));
      return { ...card, value, top, spark };
    });
  }

  /** @param {object[]} samples of SampleHistory, oldest first */
  show(samples) {
    const span = Math.max(30_000, samples.at(-1).uptimeMs - samples[0].uptimeMs);
    for (const { id, title, format, value, top, spark } of this.#cards) {
      const points = samples.map((sample) => ({ at: sample.uptimeMs, value: sample[id] }));
      const known = points.flatMap((point) => (point.value === null ? [] : [point.value]));
      const now = known.length > 0 ? format(known.at(-1)) : "–";
      const max = known.length > 0 ? format(Math.max(...known)) : "–";
      value.textContent = now;
      top.textContent = `max ${max}`;
      spark.draw(points, span, `${title} in the last ${duration(span)}: now ${now}, maximum ${max}`);
    }
  }
}
