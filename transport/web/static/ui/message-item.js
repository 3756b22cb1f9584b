import { el, icon, iconButton } from "./dom.js";
import { avatar, clockTime, fullTime, linkify, nameOf, shortTime } from "./text.js";

/**
 * Builds the element of a row.
 * @param {import("./timeline.js").Row} row
 * @param {object} act
 * @param {(message: object) => void} act.edit
 * @param {(message: object) => void} act.remove
 * @param {(message: object) => void} act.copy
 * @param {(text: string) => void} act.changed the text in the editor
 * @param {{id: string, text: string} | null} act.draft what the editor holds
 * @param {(message: object, text: string | null) => void} act.save null: not changed
 * @param {(id: string) => void} act.retry
 * @param {(id: string) => void} act.discard
 * @returns {HTMLLIElement}
 */
export function buildRow(row, act) {
  if (row.kind === "day") {
    return el("li.day", { "data-day": row.label }, el("span", {}, row.label));
  }
  if (row.kind === "new") {
    return el("li.day", { "data-new": true }, el("span", {}, "New messages"));
  }
  return row.kind === "message" ? messageItem(row, act) : outgoingItem(row, act);
}

function messageItem(row, act) {
  const { message } = row;
  const body = el("div.body", {}, meta(row), row.editing ? editor(row, act) : content(row));
  return el(
    "li.message",
    {
      "data-message-id": message.id,
      "data-user-id": message.userId,
      "data-seq": message.seq,
      "data-own": row.own,
      "data-head": row.head,
      "data-provisional": Boolean(message.provisional),
      "data-busy": Boolean(row.busy),
      tabindex: -1,
    },
    gutter(row),
    body,
    !row.editing && !row.busy && actions(row, act),
  );
}

function outgoingItem(row, act) {
  const { item } = row;
  const failed = item.state === "failed";
  const state = el(
    "p.delivery",
    { role: "alert" },
    `Not sent: ${item.error?.message}`,
    el("button.link-button", { type: "button", "data-action": "retry", click: () => act.retry(item.id) }, icon("retry"), "Try again"),
    el("button.link-button", { type: "button", "data-action": "discard", click: () => act.discard(item.id) }, "Discard"),
  );
  return el(
    "li.message",
    { "data-outgoing-id": item.id, "data-state": failed ? "failed" : "pending", "data-head": row.head, tabindex: -1 },
    gutter(row),
    el("div.body", {}, meta(row), content(failed ? { ...row, busy: "" } : row), failed && state),
  );
}

function gutter(row) {
  return row.head ? avatar(row.message) : el("time.gutter", { "aria-hidden": "true" }, shortTime(row.at));
}

/** Author and time; rows below the first of a group have them for screen readers only. */
function meta(row) {
  const time = el("time", { datetime: row.at.toISOString(), title: fullTime(row.at) }, clockTime(row.at));
  return el(row.head ? "p.meta" : "p.visually-hidden", {}, el("strong.author", { dir: "auto" }, nameOf(row.message)), " ", time);
}

function content(row) {
  const { message } = row;
  return el(
    "div.text",
    { "data-text": true, dir: "auto" },
    ...linkify(message.message),
    message.editedAt && el("span.note", { title: fullTime(new Date(message.editedAt)), "data-edited": true }, " (edited)"),
    message.provisional && el("span.note", {}, " · saved, waiting for its place"),
    row.busy && el("span.note.busy", {}, ` · ${row.busy}`),
  );
}

function actions(row, act) {
  const { message } = row;
  const buttons = [
    iconButton("copy", "Copy text", () => act.copy(message), { "data-action": "copy", tabindex: -1 }),
    row.own && iconButton("edit", "Edit message", () => act.edit(message), { "data-action": "edit", tabindex: -1 }),
    row.canDelete && iconButton("trash", "Delete message", () => act.remove(message), { "data-action": "delete", tabindex: -1 }),
  ];
  return el("div.actions", {}, ...buttons);
}

function editor({ message }, act) {
  const input = el("textarea", { "aria-label": "Edit message", rows: 1, dir: "auto", input: () => act.changed(input.value) });
  input.value = act.draft.text;
  const save = () => act.save(message, input.value.trim() === message.message ? null : input.value.trim());
  return el(
    "form.editor",
    {
      submit: (event) => {
        event.preventDefault();
        save();
      },
      keydown: (event) => {
        event.stopPropagation();
        if (event.key === "Escape") {
          event.preventDefault();
          act.save(message, null);
        } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
          event.preventDefault();
          save();
        }
      },
    },
    input,
    el("div.editor-actions", {}, el("button.quiet-button", { type: "button", click: () => act.save(message, null) }, "Cancel"), el("button.primary-button", { type: "submit" }, "Save")),
  );
}
