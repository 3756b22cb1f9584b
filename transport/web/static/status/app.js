/**
 * The status page. It pulls /status/data every two seconds while it can be seen and is not paused.
 *
 * Tests may rely on these ids and data attributes:
 *
 *   #refresh-state[data-state]       idle, live, paused, failing; #pause[aria-pressed], #sign-out
 *   #sign-in, #key-input, #sign-in-submit, #sign-in-error
 *   #trouble                         why there is no newer answer; hidden where there is
 *   #mode[data-mode]                 ok, degraded, connecting; #mode-cause, #mode-effects li
 *   [data-card] .card-value, .sparkline[data-points]
 *   #instances [data-instance][data-suspect], #links [data-link], #rooms [data-room], #kinds [data-kind],
 *   #processes [data-process]        rows
 *   #instances-pages, #rooms-pages, #processes-pages [data-action=back|on]
 *   #rooms-sort [data-sort=size|rate][aria-pressed]
 */
import { byId } from "../ui/dom.js";
import { credentials, pull } from "./source.js";
import { View } from "./view.js";

const EVERY_MS = 2000;
let timer = 0;
let paused = false;
let request = null; // aborts the pull under way
let answeredAt = 0;
const view = new View(() => refresh());

/** Pulls now, whatever is under way, and then again every two seconds. */
async function refresh() {
  clearTimeout(timer);
  request?.abort();
  const mine = new AbortController();
  request = mine;
  try {
    const answer = await pull(view.wanted, mine.signal);
    if (mine === request) {
      show(answer);
    }
  } catch (error) {
    if (mine === request) {
      fail(error);
    }
  }
  if (mine === request) {
    request = null;
    plan();
  }
}

/** The next pull, unless nobody looks or there is nothing to ask with. */
function plan() {
  clearTimeout(timer);
  if (!paused && !document.hidden && byId("sign-in").hidden) {
    timer = setTimeout(refresh, EVERY_MS);
  }
}

function show(answer) {
  answeredAt = Date.now();
  byId("trouble").hidden = true;
  byId("pause").hidden = false;
  byId("sign-out").hidden = credentials.key === null;
  if (!byId("sign-in").hidden) {
    byId("sign-in").hidden = true;
    byId("content").focus();
  }
  view.show(answer);
  tell();
}

function fail(error) {
  if (error.signIn) {
    askForKey(error.message);
    return;
  }
  const shown = byId("trouble").hidden ? "" : byId("trouble").textContent;
  const text = byId("figures").hidden ? error.message : `${error.message} These figures are old; trying again.`;
  if (shown !== text) {
    byId("trouble").textContent = text;
  }
  byId("trouble").hidden = false;
  tell("failing");
}

function tell(state = paused ? "paused" : "live") {
  const node = byId("refresh-state");
  const at = new Date(answeredAt).toLocaleTimeString();
  node.dataset.state = state;
  node.textContent = { idle: "", live: "Live", paused: `Paused at ${at}`, failing: "No answer" }[state];
}

function askForKey(why) {
  request?.abort();
  request = null;
  clearTimeout(timer);
  credentials.key = null;
  view.clear();
  byId("trouble").hidden = true;
  byId("pause").hidden = true;
  byId("sign-out").hidden = true;
  byId("sign-in").hidden = false;
  byId("sign-in-error").textContent = why;
  byId("key-input").setAttribute("aria-invalid", String(why !== ""));
  byId("key-input").value = "";
  byId("key-input").focus();
  tell("idle");
}

byId("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  const key = byId("key-input").value.trim();
  if (key === "") {
    byId("sign-in-error").textContent = "Enter a key or a token.";
    return;
  }
  credentials.key = key;
  refresh();
});
byId("sign-out").addEventListener("click", () => askForKey(""));
byId("pause").addEventListener("click", () => {
  paused = !paused;
  byId("pause").setAttribute("aria-pressed", String(paused));
  byId("pause").textContent = paused ? "Go on" : "Pause";
  if (paused) {
    plan();
    tell();
  } else {
    refresh();
  }
});
document.addEventListener("visibilitychange", () => (document.hidden || paused || !byId("sign-in").hidden ? plan() : refresh()));

refresh();
