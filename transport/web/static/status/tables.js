import { byId, el } from "../ui/dom.js";
import { bytes, count, duration, percent, rate } from "./format.js";
import { gauge } from "./sparkline.js";
import { Table } from "./table.js";

const ago = (ms) => (ms < 0 ? "not yet" : `${duration(ms)} ago`);
const number = true;
const minor = true;

/** The instances of the cluster. The node that responded is marked. */
export const instancesTable = () => {
  let self = "";
  const name = (i) => el("span", {}, i.instanceId, i.instanceId === self && el("span.tag", {}, "this node"));
  const heartbeat = (i) => el("span", {}, ago(i.heartbeatAgeMs), i.suspect && el("span.tag.bad", {}, "suspect"));
  const table = new Table(
    byId("instances"),
    [
      { title: "Instance", cell: name },
      { title: "Last heartbeat", cell: heartbeat, number },
      { title: "Clients", cell: (i) => count(i.connectedClients), number },
      { title: "Uptime", cell: (i) => duration(i.lastHeartbeat + i.heartbeatAgeMs - i.startedAt), number, minor },
    ],
    (i) => `${i.instanceId} ${i.incarnation ?? ""}`,
    (i) => ({ instance: i.instanceId, suspect: i.suspect }),
  );
  return (response) => {
    self = response.instanceId;
    table.show(response.instances.data);
  };
};

/** The connections to Redis. */
export const linksTable = () => {
  const durationOrDash = (ms) => (ms > 0 ? duration(ms) : "–");
  const countOrDash = (n) => (n > 0 ? count(n) : "–");
  const table = new Table(
    byId("links"),
    [
      { title: "Link", cell: (l) => l.name },
      { title: "Last probe", cell: (l) => ago(l.provenMsAgo), number },
      { title: "Mean", cell: (l) => durationOrDash(l.meanMs), number },
      { title: "Maximum", cell: (l) => durationOrDash(l.longestMs), number, minor },
      { title: "Completed", cell: (l) => countOrDash(l.done), number, minor },
      // Only failed writes are counted.
      { title: "Failed", cell: (l) => (l.name === "publish" ? count(l.failed) : "–"), number },
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

/** The journal on the disk of the node. */
export function showJournal({ journal }) {
  const root = byId("journal");
  root.hidden = !journal.used;
  byId("journal-none").hidden = journal.used;
  const share = journal.limitBytes > 0 ? journal.bytes / journal.limitBytes : 0;
  const facts = [
    ["Pending", `${count(journal.writes)} ${journal.writes === 1 ? "write" : "writes"}`],
    ["Size", el("span", {}, `${bytes(journal.bytes)} of ${bytes(journal.limitBytes)} `, gauge(share))],
    ["Stored", count(journal.kept)],
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
      { title: "Room", cell: (r) => r.room },
      { title: "Members", cell: (r) => count(r.members), number },
      { title: "Messages per second", cell: (r) => rate(r.perSecond), number },
      { title: "Messages delivered", cell: (r) => count(r.shown), number, minor },
    ],
    (r) => r.room,
    (r) => ({ room: r.room }),
  );
  return ({ rooms, windowMs, surveyAgeMs }) => {
    table.show(rooms.data);
    byId("rooms").hidden = rooms.total === 0;
    byId("rooms-none").hidden = rooms.total > 0;
    const limit = rooms.total > rooms.paged ? ` Only the first ${count(rooms.paged)} rooms are listed.` : "";
    byId("rooms-note").textContent = `Measured ${ago(surveyAgeMs)}. Rates cover the ${duration(windowMs)} before.${limit}`;
  };
};

/** The actors by kind, each below its parent. */
export const kindsTable = () => {
  const name = (k) => el("span", { class: k.parent ? "branch" : null }, k.kind, k.parent && el("span.visually-hidden", {}, `, child of ${k.parent}`));
  const table = new Table(
    byId("kinds"),
    [
      { title: "Actor", cell: name },
      { title: "Live", cell: (k) => count(k.live), number },
      { title: "Queued", cell: (k) => count(k.depth), number },
      { title: "Fullest", cell: (k) => el("span.gauged", {}, percent(k.fullest), gauge(k.fullest)), number },
      { title: "Handled", cell: (k) => count(k.handled), number, minor },
      { title: "Rejected", cell: (k) => count(k.refused), number, minor },
      { title: "Waits", cell: (k) => count(k.waited), number, minor },
      { title: "Restarts", cell: (k) => count(k.restarts), number },
      { title: "Failed", cell: (k) => count(k.givenUp), number, minor },
    ],
    (k) => k.kind,
    (k) => ({ kind: k.kind, restarted: k.restarts > 0, lost: k.givenUp > 0 }),
  );
  return ({ kinds }) => table.show(kinds);
};

/** The processes with the fullest mailboxes. */
export const processesTable = () => {
  const table = new Table(
    byId("processes"),
    [
      { title: "Process", cell: (p) => p.id },
      { title: "Queued", cell: (p) => count(p.depth), number },
      { title: "Capacity", cell: (p) => count(p.bound), number, minor },
      { title: "Used", cell: (p) => el("span.gauged", {}, percent(p.fullness), gauge(p.fullness)), number },
    ],
    (p) => p.id,
    (p) => ({ process: p.id }),
  );
  return ({ processes }) => table.show(processes.data);
};
