import { byId, el } from "../ui/dom.js";
import { duration } from "./format.js";

const TEXTS = {
  ok: "Healthy",
  degraded: "Degraded",
  connecting: "Connecting",
};

/** Says how the node is, and where it is degraded why, since when and what that means. */
export function showMode({ link, now, distributed }) {
  const root = byId("mode");
  root.dataset.mode = link.mode;
  write("mode-text", link.mode === "ok" && !distributed ? "Healthy, alone" : (TEXTS[link.mode] ?? link.mode));
  write("mode-since", link.since > 0 ? `since ${new Date(link.since).toLocaleString()}` : "");
  write("mode-age", link.since > 0 ? `(${duration(Math.max(0, now - link.since))})` : ""); // hidden from screen readers, which would say it every time
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
