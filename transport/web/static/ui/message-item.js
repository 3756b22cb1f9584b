import { el, icon, iconButton } from "./dom.js";
import { avatar, clockTime, fullTime, linkify, nameOf } from "./text.js";

/**
 * Builds the element of a row.
 * @param {import("./timeline.js").Row} row
 * @param {object} act
 * @param {(message: object) => void} act.edit
 * @param {(message: object) => void} act.remove
 * @param {(message: object, text: string | null) => void} act.save null: not changed
 * @param {(id: string) => void} act.retry
 * @param {(id: string) => void} act.discard
 * @returns {HTMLLIElement}
 */
export function buildRow(row, act) {
  if (row.kind === "day") {
    return el("li.day", { "data-day": row.label }, el("span", {}, row.label));
  }
  return row.kind === "message" ? messageItem(row, act) : outgoingItem(row, act);
}

function messageItem(row, act) {
  const { message } = row;
  const body = el("div.body", {}, meta(row), row.editing ? editor(message, act) : content(row));
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
    failed ? { role: "alert" } : {},
    failed ? `Not sent: ${item.error.message}` : "Sending…",
    failed && el("button.link-button", { type: "button", "data-action": "retry", click: () => act.retry(item.id) }, icon("retry"), "Try again"),
    failed && el("button.link-button", { type: "button", "data-action": "discard", click: () => act.discard(item.id) }, "Discard"),
  );
  return el(
    "li.message",
    // The message itself is announced when it arrives; once is enough.
    { "data-outgoing-id": item.id, "data-state": failed ? "failed" : "pending", "data-head": row.head, "aria-live": failed ? null : "off", tabindex: -1 },
    gutter(row),
    el("div.body", {}, meta(row), content(row), state),
  );
}

function gutter(row) {
  return row.head ? avatar(row.message) : el("time.gutter", { "aria-hidden": "true" }, clockTime(row.at));
}

/** Author and time; rows below the first of a group have them for screen readers only. */
function meta(row) {
  const time = el("time", { datetime: row.at.toISOString(), title: fullTime(row.at) }, clockTime(row.at));
  return el(row.head ? "p.meta" : "p.visually-hidden", {}, el("strong.author", {}, nameOf(row.message)), " ", time);
}

function content(row) {
  const { message } = row;
  return el(
    "div.text",
    { "data-text": true },
    ...linkify(message.message),
    message.editedAt && el("span.note", { title: fullTime(new Date(message.editedAt)), "data-edited": true }, " (edited)"),
    message.provisional && el("span.note", {}, " · saved, waiting for its place"),
    row.busy && el("span.note", {}, ` ${row.busy}`),
  );
}

function actions(row, act) {
  const { message } = row;
  const buttons = [
    row.own && iconButton("edit", "Edit message", () => act.edit(message), { "data-action": "edit", tabindex: -1 }),
    row.canDelete && iconButton("trash", "Delete message", () => act.remove(message), { "data-action": "delete", tabindex: -1 }),
  ].filter(Boolean);
  return buttons.length > 0 && el("div.actions", {}, ...buttons);
}

function editor(message, act) {
  const input = el("textarea", { "aria-label": "Edit message", rows: 1 });
  input.value = message.message;
  const save = () => act.save(message, input.value.trim() === message.message ? null : input.value.trim());
  const form = el(
    "form.editor",
    {
      submit: (event) => {
        event.preventDefault();
        save();
      },
      keydown: (event) => {
        event.stopPropagation();
        if (event.key === "Escape") {
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
  return form;
}
