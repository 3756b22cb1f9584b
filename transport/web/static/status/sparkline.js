const SPACE = "http://www.w3.org/2000/svg";
const WIDTH = 160;
const HEIGHT = 36;
const PAD = 2;

/** A line over time without axes. The numbers are next to it as text. */
export class Sparkline {
  constructor() {
    this.svg = shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", class: "sparkline", role: "img" });
    this.area = shape("path", { class: "spark-area" });
    this.line = shape("path", { class: "spark-line" });
    this.svg.append(this.area, this.line);
  }

  /**
   * @param {{at: number, value: number | null}[]} points oldest first; at in ms; null: unknown
   * @param {number} span the time range of the whole width, in ms; it ends at the last point
   * @param {string} label text for screen readers
   */
  draw(points, span, label) {
    const known = points.filter(({ value }) => value !== null);
    const end = points.at(-1)?.at ?? 0;
    const top = Math.max(...known.map(({ value }) => value), 0) || 1;
    const x = ({ at }) => (WIDTH * (1 - (end - at) / span)).toFixed(1);
    const y = ({ value }) => (HEIGHT - PAD - ((HEIGHT - 2 * PAD) * value) / top).toFixed(1);
    const line = known.map((point) => `${x(point)} ${y(point)}`).join("L");
    this.line.setAttribute("d", known.length > 1 ? `M${line}` : "");
    this.area.setAttribute("d", known.length > 1 ? `M${x(known[0])} ${HEIGHT}L${line}L${x(known.at(-1))} ${HEIGHT}Z` : "");
    this.svg.dataset.points = known.length;
    this.svg.setAttribute("aria-label", label);
  }
}

/** Creates a horizontal bar that is full at 1. */
export function gauge(share) {
  const svg = shape("svg", { viewBox: "0 0 60 6", class: "gauge", "aria-hidden": "true", "data-level": share >= 0.9 ? "bad" : share >= 0.5 ? "warn" : "good" });
  svg.append(
    shape("rect", { class: "gauge-back", width: 60, height: 6, rx: 3 }),
    shape("rect", { class: "gauge-fill", width: Math.min(1, share) * 60, height: 6, rx: 3 }),
  );
  return svg;
}

function shape(name, attributes) {
  const node = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) {
    node.setAttribute(key, value);
  }
  return node;
}
