/**
 * The status page. It requests /status/data every two seconds while it is visible and not paused.
 *
 * Modules:
 *
 *   api.js             the request and the admin key
 *   cards.js           key figures with sparklines
 *   format.js          numbers, bytes, durations
 *   health-banner.js   state of the node
 *   pager.js           buttons that page through a list
 *   sample-history.js  samples of the last five minutes
 *   sparkline.js       line and gauge
 *   table.js           a table that is updated in place
 *   tables.js          the tables and the journal
 *   view.js            all parts of the page
 *
 * Tests may rely on these ids and data attributes:
 *
 *   #refresh-state[data-state]       idle, live, paused, failing; #pause[aria-pressed], #sign-out
 *   #sign-in, #key-input, #sign-in-submit, #sign-in-error
 *   #trouble                         the error of the last request; hidden if it succeeded
 *   #mode[data-mode]                 ok, degraded, connecting; #mode-cause, #mode-effects li
 *   [data-card] .card-value, .sparkline[data-points]
 *   #instances [data-instance][data-suspect], #links [data-link], #rooms [data-room], #kinds [data-kind],
 *   #processes [data-process]        rows
 *   #instances-pages, #rooms-pages, #processes-pages [data-action=previous|next]
 *   #rooms-sort [data-sort=size|rate][aria-pressed]
 */
import { byId } from "../ui/dom.js";
import { credentials, fetchStatus } from "./api.js";
import { View } from "./view.js";

const REFRESH_INTERVAL_MS = 2000;
let timer = 0;
let paused = false;
let inFlight = null; // AbortController of the current request
let respondedAt = 0;
const view = new View(() => refresh());

/** Aborts the current request, sends a new one, and schedules the next refresh. */
async function refresh() {
  clearTimeout(timer);
  inFlight?.abort();
  const controller = new AbortController();
  inFlight = controller;
  try {
    const response = await fetchStatus(view.query, controller.signal);
    if (controller === inFlight) {
      show(response);
    }
  } catch (error) {
    if (controller === inFlight) {
      showError(error);
    }
  }
  if (controller === inFlight) {
    inFlight = null;
    scheduleRefresh();
  }
}

/** Schedules the next refresh, unless the page is paused, hidden or not signed in. */
function scheduleRefresh() {
  clearTimeout(timer);
  if (!paused && !document.hidden && byId("sign-in").hidden) {
    timer = setTimeout(refresh, REFRESH_INTERVAL_MS);
  }
}

function show(response) {
  respondedAt = Date.now();
  byId("trouble").hidden = true;
  byId("pause").hidden = false;
  byId("sign-out").hidden = credentials.key === null;
  if (!byId("sign-in").hidden) {
    byId("sign-in").hidden = true;
    byId("content").focus();
  }
  view.show(response);
  showRefreshState();
}

function showError(error) {
  if (error.signIn) {
    askForKey(error.message);
    return;
  }
  const shown = byId("trouble").hidden ? "" : byId("trouble").textContent;
  const text = byId("figures").hidden ? error.message : `${error.message} The figures shown are old. Retrying.`;
  if (shown !== text) {
    byId("trouble").textContent = text;
  }
  byId("trouble").hidden = false;
  showRefreshState("failing");
}

function showRefreshState(state = paused ? "paused" : "live") {
  const node = byId("refresh-state");
  const at = new Date(respondedAt).toLocaleTimeString();
  node.dataset.state = state;
  node.textContent = { idle: "", live: "Live", paused: `Paused at ${at}`, failing: "No response" }[state];
}

function askForKey(reason) {
  inFlight?.abort();
  inFlight = null;
  clearTimeout(timer);
  credentials.key = null;
  view.clear();
  byId("trouble").hidden = true;
  byId("pause").hidden = true;
  byId("sign-out").hidden = true;
  byId("sign-in").hidden = false;
  byId("sign-in-error").textContent = reason;
  byId("key-input").setAttribute("aria-invalid", String(reason !== ""));
  byId("key-input").value = "";
  byId("key-input").focus();
  showRefreshState("idle");
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
  byId("pause").textContent = paused ? "Resume" : "Pause";
  if (paused) {
    scheduleRefresh();
    showRefreshState();
  } else {
    refresh();
  }
});
document.addEventListener("visibilitychange", () => (document.hidden || paused || !byId("sign-in").hidden ? scheduleRefresh() : refresh()));

refresh();
