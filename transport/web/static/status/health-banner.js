import { byId, el } from "../ui/dom.js";
import { duration } from "./format.js";

const TEXTS = {
  ok: "Healthy",
  degraded: "Degraded",
  connecting: "Connecting",
};

/** Displays the state of the node: mode, start time, cause and effects. */
export function showHealth({ link, now, distributed }) {
  const root = byId("mode");
  root.dataset.mode = link.mode;
  write("mode-text", link.mode === "ok" && !distributed ? "Healthy, standalone" : (TEXTS[link.mode] ?? link.mode));
  write("mode-since", link.since > 0 ? `since ${new Date(link.since).toLocaleString()}` : "");
  // Hidden from screen readers, because it changes with each refresh.
  write("mode-age", link.since > 0 ? `(${duration(Math.max(0, now - link.since))})` : "");
  write("mode-cause", link.cause ?? "");
  byId("mode-cause").hidden = !link.cause;
  const effects = link.effects ?? [];
  const list = byId("mode-effects");
  list.hidden = effects.length === 0;
  if (list.dataset.shown !== effects.join("\n")) {
    list.dataset.shown = effects.join("\n");
    list.replaceChildren(...effects.map((effect) => el("li", {}, effect)));
  }
}

function write(id, text) {
  const node = byId(id);
  if (node.textContent !== text) {
    node.textContent = text;
  }
}
