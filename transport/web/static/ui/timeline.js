import { dayName, sentAt } from "./format.js";

const MAX_GROUP_GAP_MS = 5 * 60_000; // consecutive messages of one author within this time form a group

/**
 * A row of the message list. Rows with the same key and signature are identical.
 *
 * @typedef {object} Row
 * @property {"day" | "new" | "message" | "outgoing"} kind
 * @property {string} key
 * @property {string} signature
 * @property {boolean} [head] whether the row displays author and avatar
 * @property {Date} [at]
 * @property {object} [message]
 * @property {object} [item] outgoing: the write
 * @property {boolean} [own]
 * @property {boolean} [canDelete]
 * @property {string} [busy] the running action: "saving…"
 * @property {string} [label] day
 */

/**
 * Builds the rows of a room: days, message groups, and the unacknowledged messages at the end.
 * @param {object} room
 * @param {object[]} room.messages
 * @param {object[]} room.pending
 * @param {{userId: string, userName: string, role: string} | null} room.me
 * @param {Map<string, string>} room.busy by message id
 * @param {string | undefined} room.editing id of the message being edited
 * @param {string | undefined} room.firstNew id of the first unread message
 * @param {boolean} room.online
 * @returns {Row[]}
 */
export function buildRows({ messages, pending, me, busy, editing, firstNew, online }) {
  const rows = [];
  let last = null;
  const add = (row, author) => {
    const label = dayName(row.at);
    if (last?.label !== label) {
      rows.push({ kind: "day", key: `day ${row.at.toDateString()}`, signature: label, label });
      last = null;
    }
    row.head = !last?.at || last.author !== author || row.at - last.at > MAX_GROUP_GAP_MS;
    row.signature = JSON.stringify([row.head, label, row.signature]);
    rows.push(row);
    last = { label, author, at: row.at };
  };
  for (const message of messages) {
    if (message.id === firstNew) {
      rows.push({ kind: "new", key: "new", signature: "" });
      last = last && { label: last.label };
    }
    add(messageRow(message, me, busy.get(message.id), editing === message.id), message.userId);
  }
  for (const item of pending) {
    add(outgoingRow(item, me, online), me?.userId);
  }
  return rows;
}

function messageRow(message, me, busy, editing) {
  const own = message.userId === me?.userId;
  const hasSeq = !message.provisional;
  const row = {
    kind: "message",
    key: message.id,
    at: sentAt(message),
    message,
    own: own && hasSeq,
    canDelete: hasSeq && (own || me?.role === "admin"),
    busy,
    editing,
  };
  const { message: text, editedAt, userName, userAvatar, provisional } = message;
  row.signature = editing ? "editing" : [text, editedAt, userName, userAvatar, provisional, row.own, row.canDelete, busy];
  return row;
}

function outgoingRow(item, me, online) {
  return {
    kind: "outgoing",
    key: `out ${item.id}`,
    at: new Date(item.at),
    item,
    busy: online ? "sending…" : "waiting for connection",
    message: { userId: me?.userId, userName: me?.userName, message: item.frame.message },
    signature: [item.state === "failed", item.error?.message, online],
  };
}
