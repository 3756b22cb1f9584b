import { el, icon, iconButton } from "./dom.js";
import { avatar, clockTime, displayName, fullTime, linkify, shortTime } from "./format.js";

/**
 * Creates the element of a row.
 * @param {import("./timeline.js").Row} row
 * @param {object} actions
 * @param {(message: object) => void} actions.edit
 * @param {(message: object) => void} actions.remove
 * @param {(message: object) => void} actions.copy
 * @param {(text: string) => void} actions.updateDraft called for each change in the editor
 * @param {{id: string, text: string} | null} actions.draft the text in the editor
 * @param {(message: object, text: string | null) => void} actions.save null: unchanged
 * @param {(id: string) => void} actions.retry
 * @param {(id: string) => void} actions.discard
 * @returns {HTMLLIElement}
 */
export function buildRow(row, actions) {
  if (row.kind === "day") {
    return el("li.day", { "data-day": row.label }, el("span", {}, row.label));
  }
  if (row.kind === "new") {
    return el("li.day", { "data-new": true }, el("span", {}, "New messages"));
  }
  return row.kind === "message" ? messageItem(row, actions) : outgoingItem(row, actions);
}

function messageItem(row, actions) {
  const { message } = row;
  const body = el("div.body", {}, meta(row), row.editing ? editor(row, actions) : content(row));
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
    !row.editing && !row.busy && actionButtons(row, actions),
  );
}

function outgoingItem(row, actions) {
  const { item } = row;
  const failed = item.state === "failed";
  const state = el(
    "p.delivery",
    { role: "alert" },
    `Not sent: ${item.error?.message}`,
    el("button.link-button", { type: "button", "data-action": "retry", click: () => actions.retry(item.id) }, icon("retry"), "Try again"),
    el("button.link-button", { type: "button", "data-action": "discard", click: () => actions.discard(item.id) }, "Discard"),
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

/** Author and time. Only the first row of a group displays them; in other rows they are for screen readers. */
function meta(row) {
  const time = el("time", { datetime: row.at.toISOString(), title: fullTime(row.at) }, clockTime(row.at));
  return el(row.head ? "p.meta" : "p.visually-hidden", {}, el("strong.author", { dir: "auto" }, displayName(row.message)), " ", time);
}

function content(row) {
  const { message } = row;
  return el(
    "div.text",
    { "data-text": true, dir: "auto" },
    ...linkify(message.message),
    message.editedAt && el("span.note", { title: fullTime(new Date(message.editedAt)), "data-edited": true }, " (edited)"),
    message.provisional && el("span.note", {}, " · saved, not yet delivered to everyone"),
    row.busy && el("span.note.busy", {}, ` · ${row.busy}`),
  );
}

function actionButtons(row, actions) {
  const { message } = row;
  const buttons = [
    iconButton("copy", "Copy text", () => actions.copy(message), { "data-action": "copy", tabindex: -1 }),
    row.own && iconButton("edit", "Edit message", () => actions.edit(message), { "data-action": "edit", tabindex: -1 }),
    row.canDelete && iconButton("trash", "Delete message", () => actions.remove(message), { "data-action": "delete", tabindex: -1 }),
  ];
  return el("div.actions", {}, ...buttons);
}

function editor({ message }, actions) {
  const input = el("textarea", { "aria-label": "Edit message", rows: 1, dir: "auto", input: () => actions.updateDraft(input.value) });
  input.value = actions.draft.text;
  const save = () => actions.save(message, input.value.trim() === message.message ? null : input.value.trim());
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
          actions.save(message, null);
        } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
          event.preventDefault();
          save();
        }
      },
    },
    input,
    el("div.editor-actions", {}, el("button.quiet-button", { type: "button", click: () => actions.save(message, null) }, "Cancel"), el("button.primary-button", { type: "submit" }, "Save")),
  );
}
