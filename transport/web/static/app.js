/**
 * The page. It connects ChatClient to the modules of ui/, and stores the signed-in user and the open room.
 *
 * Modules in ui/:
 *
 *   announcer.js         announcements for screen readers
 *   clipboard.js         copies text
 *   composer.js          the message box and its drafts
 *   connection-state.js  connection state and banner
 *   dialogs.js           sign-in and delete confirmation
 *   dom.js               elements, icons, focus
 *   format.js            names, avatars, times, links
 *   history-state.js     the text above the first message
 *   message-actions.js   copy, edit, delete, retry, discard
 *   message-item.js      the element of one row
 *   message-list.js      the messages of the open room
 *   message-rows.js      updates the rows in the DOM
 *   message-window.js    the range of messages that is rendered
 *   rooms.js             the sidebar
 *   roster.js            users present
 *   scroller.js          scroll position
 *   settings.js          browser storage
 *   timeline.js          rows from messages: days, groups, pending messages
 *   toasts.js            short notices
 *   unread.js            unread counts
 *   viewport.js          page height with an on-screen keyboard
 *
 * Tests may rely on these ids and data attributes:
 *
 *   #connection-state[data-state]    idle, connecting, online, degraded, waiting, unauthorized, stopped
 *   #banner[data-kind]               info, warning (degraded), bad; hidden if there is no message;
 *                                    [data-cause] and [data-effects] li contain the texts of `status`
 *   #me[data-user-id][data-role]     the user; #me-name
 *   #room-title                      "#" and the name of the open room
 *   #room-list [data-room]           rooms, [data-state] as in ChatClient; .room opens a room, [data-action=leave]
 *                                    leaves it, .badge[data-unread] is its unread count
 *   #join-input, #join-button        join a room
 *   #presence[data-guests][data-members][data-admins][data-exact]
 *   #roster-toggle, #roster [data-user-id]
 *   #messages, #message-list         the log; [data-message-id][data-user-id][data-seq][data-own][data-provisional]
 *                                    is a message, [data-text] its text, [data-edited] the note that it was edited,
 *                                    [data-action=copy], =edit, =delete its buttons, form.editor its editor;
 *                                    [data-day] starts a day, [data-new] precedes the first unread message
 *   [data-outgoing-id][data-state]   a message without an ack: pending, or failed with [data-action=retry] and
 *                                    [data-action=discard]
 *   #history-state[data-state]       loading, more, start
 *   #composer, #composer-input, #send-button, #typing, #jump-latest; #read-only replaces #composer for read-only users
 *   #announcer                       texts for screen readers
 *   #toasts .toast[data-kind]        info, warning, error
 *   #session-button                  opens #sign-in (#token-input, #sign-in-submit, #guest-button), or signs out
 *   #confirm, #confirm-yes           confirms the deletion of a message
 */
import { ChatClient } from "./chat-client.js";
import { Announcer } from "./ui/announcer.js";
import { copy } from "./ui/clipboard.js";
import { Composer } from "./ui/composer.js";
import { ConnectionState } from "./ui/connection-state.js";
import { confirmDelete, SignIn } from "./ui/dialogs.js";
import { byId, drawIcons, el, icon } from "./ui/dom.js";
import { MessageList } from "./ui/message-list.js";
import { Roster } from "./ui/roster.js";
import { Rooms } from "./ui/rooms.js";
import { isRoomName, settings } from "./ui/settings.js";
import { avatar, displayName, listNames } from "./ui/format.js";
import { Toasts } from "./ui/toasts.js";
import { Unread } from "./ui/unread.js";
import { followViewport } from "./ui/viewport.js";

const KEPT = 200; // messages that remain after trimming a room that is not open
const MAX_KEPT = 400; // a room with more messages is trimmed

let active = ""; // the open room
const signInDialog = new SignIn();
const toasts = new Toasts();
const chat = new ChatClient({
  url: new URL("/chat", location.href.replace(/^http/, "ws")).href,
  rooms: settings.rooms,
  token: settings.token,
  storage: settings.unsent,
  reauthenticate,
  refreshToken,
});
const failed = (what, error) => toasts.show(`${what}: ${error.message}`, { kind: "error" });
const announcer = new Announcer();
const unread = new Unread(chat, (room) => room === active && messages.atNewest, () => rooms.draw());
const messages = new MessageList(chat, unread, {
  confirmDelete, failed, share,
  done: (text) => toasts.show(text),
  newMessages: (others) => others.length > 0 && announcer.announceMessages(others),
});
const roster = new Roster(chat);
const composer = new Composer({
  send: (text) => chat.sendMessage(active, text).catch((error) => error.code === "queue_full" && toasts.show(error.message, { kind: "error" })),
  typing: () => chat.typing(active),
  editLast: () => messages.editLast(),
});
const rooms = new Rooms(chat, unread, { open, join, leave, warn: (text) => toasts.show(text, { kind: "warning" }) });
new ConnectionState(chat, signIn, announcer);

function open(room) {
  active = room;
  settings.active = room;
  history.replaceState(null, "", `#${room}`); // the link to the room
  byId("room-title").textContent = `#${room}`;
  rooms.show(room);
  messages.open(room);
  roster.open(room);
  composer.showDraft(room);
  showTyping([]);
}

function join(room) {
  chat.join(room);
  settings.rooms = chat.rooms;
  open(room);
}

/** @returns {string} the room in the address of the page; "" if there is none */
function roomFromAddress() {
  const room = location.hash.slice(1);
  return isRoomName(room) ? room : "";
}

async function share(room) {
  const address = new URL(`#${room}`, location.href).href;
  toasts.show((await copy(address)) ? "Copied" : address);
}

function leave(room) {
  chat.leave(room);
  settings.rooms = chat.rooms;
  open(room === active ? chat.rooms[0] : active);
}

async function signIn() {
  try {
    useToken(await signInDialog.ask());
    chat.signIn(settings.token);
  } catch {
    // The dialog was closed. The user remains unchanged.
  }
}

function signOut() {
  useToken(null);
  chat.signIn(null);
}

function useToken(token) {
  settings.token = token;
  return token;
}

async function reauthenticate() {
  settings.token = null;
  return useToken(await signInDialog.ask("Sign in to continue. Your token is missing, invalid or expired."));
}

/** Asks for a new token. @returns {Promise<string | null>} null if the dialog was closed */
function refreshToken() {
  return new Promise((resolve) => {
    const ask = () => signInDialog.ask("Paste a new token to stay signed in.").then((token) => resolve(useToken(token)), () => resolve(null));
    toasts.show("Your session is about to expire.", { kind: "warning", action: { label: "Sign in again", click: ask } });
  });
}

function showMe(me) {
  const user = { userId: me.userId, userName: me.userName };
  byId("me-avatar").replaceChildren(avatar(user));
  byId("me-name").textContent = displayName(user);
  byId("me-role").textContent = me.role;
  Object.assign(byId("me").dataset, { userId: me.userId, role: me.role });
  showSession(Boolean(settings.token));
  composer.setReadOnly(Boolean(me.readOnly));
  composer.setMaxLength(me.limits?.maxMessageLength ?? 2000);
}

/** Draws the button that signs in or out. */
function showSession(signedIn) {
  const button = byId("session-button");
  button.className = signedIn ? "icon-button" : "quiet-button";
  button.title = signedIn ? "Sign out" : "";
  button.replaceChildren(...(signedIn ? [icon("leave"), el("span.visually-hidden", {}, "Sign out")] : ["Sign in"]));
}

function showTyping(users) {
  byId("typing").replaceChildren(...(users.length > 0 ? [...listNames(users), ` ${users.length === 1 ? "is" : "are"} typing…`] : []));
}

function showRefusal({ room, state, error }) {
  if (state === "refused") {
    toasts.show(`#${room}: ${error?.error ?? "This room cannot be joined."}`, { kind: "error" });
  }
}

chat.addEventListener("connected", ({ detail }) => showMe(detail));
chat.addEventListener("typing", ({ detail }) => detail.room === active && showTyping(detail.users));
chat.addEventListener("room", ({ detail }) => detail.error && showRefusal(detail));
chat.addEventListener("error", ({ detail }) => toasts.show(detail.error, { kind: "error" }));
chat.addEventListener("throttled", ({ detail }) => {
  toasts.show(`You are sending too fast. Retrying in ${(detail.retryAfterMs / 1000).toFixed(1)} s.`, { kind: "warning" });
});
chat.addEventListener("outgoing", ({ detail }) => {
  if (detail.error?.code === "read_only") {
    composer.setReadOnly(true);
  }
});
chat.addEventListener("messages", ({ detail: { room } }) => {
  if (room !== active && chat.messages(room).length > MAX_KEPT) {
    chat.trim(room, KEPT);
  }
});
byId("session-button").addEventListener("click", () => (settings.token ? signOut() : signIn()));
byId("read-only-button").addEventListener("click", signIn);
byId("skip-link").addEventListener("click", (event) => {
  event.preventDefault(); // keep the room in the address
  byId("composer-input").focus();
});
addEventListener("online", () => chat.wake());
addEventListener("offline", () => chat.wake()); // the event is unreliable, so a ping checks the connection
document.addEventListener("visibilitychange", () => !document.hidden && chat.wake());
addEventListener("hashchange", () => roomFromAddress() && roomFromAddress() !== active && join(roomFromAddress()));

drawIcons();
followViewport();
if (roomFromAddress()) {
  join(roomFromAddress());
} else {
  open(chat.rooms.includes(settings.active) ? settings.active : chat.rooms[0]);
}
chat.connect();
