import { byId, el } from "../ui/dom.js";
import { bytes, count, duration, percent, rate } from "./format.js";
import { gauge } from "./sparkline.js";
import { Table } from "./table.js";

const ago = (ms) => (ms < 0 ? "not yet" : `${duration(ms)} ago`);
const number = true;
const minor = true;

/** The instances of the cluster; the one that answers is marked. */
export const instancesTable = () => {
  let self = "";
  const name = (i) => el("span", {}, i.instanceId, i.instanceId === self && el("span.tag", {}, "answers"));
  const beat = (i) => el("span", {}, ago(i.heartbeatAgeMs), i.suspect && el("span.tag.bad", {}, "suspect"));
  const table = new Table(
    byId("instances"),
    [
      { title: "Instance", of: name },
      { title: "Last heartbeat", of: beat, number },
      { title: "Clients", of: (i) => count(i.connectedClients), number },
      { title: "Up for", of: (i) => duration(i.lastHeartbeat + i.heartbeatAgeMs - i.startedAt), number, minor },
    ],
    (i) => `${i.instanceId} ${i.incarnation ?? ""}`,
    (i) => ({ instance: i.instanceId, suspect: i.suspect }),
  );
  return (answer) => {
    self = answer.instanceId;
    table.show(answer.instances.data);
  };
};

/** The connections to Redis. */
export const linksTable = () => {
  const time = (ms) => (ms > 0 ? duration(ms) : "–");
  const tally = (n) => (n > 0 ? count(n) : "–");
  const table = new Table(
    byId("links"),
    [
      { title: "Link", of: (l) => l.name },
      { title: "Last proven", of: (l) => ago(l.provenMsAgo), number },
      { title: "Mean", of: (l) => time(l.meanMs), number },
      { title: "Longest", of: (l) => time(l.longestMs), number, minor },
      { title: "Done", of: (l) => tally(l.done), number, minor },
      { title: "Failed", of: (l) => (l.name === "publish" ? count(l.failed) : "–"), number }, // counted of writes only
    ],
    (l) => l.name,
    (l) => ({ link: l.name, actor: l.actor }),
  );
  return ({ links, distributed }) => {
    table.show(links);
    byId("links").hidden = !distributed;
    byId("links-none").hidden = distributed;
  };
};

/** What waits on the node's disk. */
export function showJournal({ journal }) {
  const root = byId("journal");
  root.hidden = !journal.used;
  byId("journal-none").hidden = journal.used;
  const share = journal.limitBytes > 0 ? journal.bytes / journal.limitBytes : 0;
  const facts = [
    ["Waiting", `${count(journal.writes)} ${journal.writes === 1 ? "write" : "writes"}`],
    ["Size", el("span", {}, `${bytes(journal.bytes)} of ${bytes(journal.limitBytes)} `, gauge(share))],
    ["Kept", count(journal.kept)],
    ["Replayed", count(journal.replayed)],
    ["Failed", count(journal.failed)],
  ];
  root.replaceChildren(...facts.map(([term, fact]) => el("div", {}, el("dt", {}, term), el("dd", {}, fact))));
}

/** The rooms of this node. */
export const roomsTable = () => {
  const table = new Table(
    byId("rooms"),
    [
      { title: "Room", of: (r) => r.room },
      { title: "Members", of: (r) => count(r.members), number },
      { title: "Messages a second", of: (r) => rate(r.perSecond), number },
      { title: "Messages shown", of: (r) => count(r.shown), number, minor },
    ],
    (r) => r.room,
    (r) => ({ room: r.room }),
  );
  return ({ rooms, windowMs, surveyAgeMs }) => {
    table.show(rooms.data);
    byId("rooms").hidden = rooms.total === 0;
    byId("rooms-none").hidden = rooms.total > 0;
    const first = rooms.total > rooms.paged ? ` The first ${count(rooms.paged)} can be paged through.` : "";
    byId("rooms-note").textContent = `Measured ${ago(surveyAgeMs)}, rates over the ${duration(windowMs)} before.${first}`;
  };
};

/** The actors by kind, each under its parent. */
export const kindsTable = () => {
  const name = (k) => el("span", { class: k.parent ? "branch" : null }, k.kind, k.parent && el("span.visually-hidden", {}, ` under ${k.parent}`));
  const table = new Table(
    byId("kinds"),
    [
      { title: "Actor", of: name },
      { title: "Live", of: (k) => count(k.live), number },
      { title: "Queued", of: (k) => count(k.depth), number },
      { title: "Fullest", of: (k) => el("span.gauged", {}, percent(k.fullest), gauge(k.fullest)), number },
      { title: "Handled", of: (k) => count(k.handled), number, minor },
      { title: "Refused", of: (k) => count(k.refused), number, minor },
      { title: "Waits", of: (k) => count(k.waited), number, minor },
      { title: "Restarts", of: (k) => count(k.restarts), number },
      { title: "Given up", of: (k) => count(k.givenUp), number, minor },
    ],
    (k) => k.kind,
    (k) => ({ kind: k.kind, restarted: k.restarts > 0, lost: k.givenUp > 0 }),
  );
  return ({ kinds }) => table.show(kinds);
};

/** The processes whose mailboxes are the fullest. */
export const processesTable = () => {
  const table = new Table(
    byId("processes"),
    [
      { title: "Process", of: (p) => p.id },
      { title: "Queued", of: (p) => count(p.depth), number },
      { title: "Bound", of: (p) => count(p.bound), number, minor },
      { title: "Full", of: (p) => el("span.gauged", {}, percent(p.fullness), gauge(p.fullness)), number },
    ],
    (p) => p.id,
    (p) => ({ process: p.id }),
  );
  return ({ processes }) => table.show(processes.data);
};
