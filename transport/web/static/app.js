/**
 * The page. It wires ChatClient to the modules of ui/, and holds who is signed in and which room is
 * open; everything else is theirs.
 *
 * Tests may rely on these ids and data attributes:
 *
 *   #connection-state[data-state]    idle, connecting, online, degraded, waiting, unauthorized, stopped
 *   #banner[data-kind]               info, warning (degraded), bad; hidden where there is nothing to say;
 *                                    [data-cause] and [data-effects] li hold what `status` said
 *   #me[data-user-id][data-role]     who this is; #me-name
 *   #room-title                      "#" and the open room
 *   #room-list [data-room]           rooms, [data-state] as in ChatClient; .room opens, [data-action=leave] leaves,
 *                                    .badge[data-unread] counts
 *   #join-input, #join-button        joining a room
 *   #presence[data-guests][data-members][data-admins][data-exact]
 *   #roster-toggle, #roster [data-user-id]
 *   #messages, #message-list         the log; [data-message-id][data-user-id][data-seq][data-own][data-provisional]
 *                                    is a message, [data-text] its text, [data-edited] says that it was edited,
 *                                    [data-action=copy], =edit, =delete its buttons, form.editor its editor;
 *                                    [data-day] begins a day, [data-new] stands above what was not seen
 *   [data-outgoing-id][data-state]   a message on its way: pending, failed with [data-action=retry], [data-action=discard]
 *   #history-state[data-state]       loading, more, start
 *   #composer, #composer-input, #send-button, #typing, #jump-latest; #read-only instead for who may not write
 *   #announcer                       what screen readers are told
 *   #toasts .toast[data-kind]        info, warning, error
 *   #session-button                  opens #sign-in (#token-input, #sign-in-submit, #guest-button), or signs out
 *   #confirm, #confirm-yes           asks before a message is deleted
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
import { avatar, listNames, nameOf } from "./ui/text.js";
import { Toasts } from "./ui/toasts.js";
import { Unread } from "./ui/unread.js";
import { followViewport } from "./ui/viewport.js";

const KEEP = 200; // messages kept of a room that is not open
const KEEP_MAX = 400;

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
const unread = new Unread(chat, (room) => room === active && messages.watched, () => rooms.draw());
const messages = new MessageList(chat, unread, {
  confirmDelete, failed, share,
  done: (text) => toasts.show(text),
  came: (others) => others.length > 0 && announcer.came(others),
});
const roster = new Roster(chat);
const composer = new Composer({
  send: (text) => chat.sendMessage(active, text).catch((error) => error.code === "queue_full" && toasts.show(error.message, { kind: "error" })),
  typing: () => chat.typing(active),
  editLast: () => messages.editLast(),
});
const rooms = new Rooms(chat, unread, { open, join, leave, refuse: (text) => toasts.show(text, { kind: "warning" }) });
new ConnectionState(chat, signIn, announcer);

function open(room) {
  active = room;
  settings.active = room;
  history.replaceState(null, "", `#${room}`); // the room's address
  byId("room-title").textContent = `#${room}`;
  rooms.show(room);
  messages.open(room);
  roster.open(room);
  composer.open(room);
  showTyping([]);
}

function join(room) {
  chat.join(room);
  settings.rooms = chat.rooms;
  open(room);
}

/** The room that the page's address names, "" for none. */
function addressed() {
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
    // closed: everything stays as it was
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
  return useToken(await signInDialog.ask("You have to sign in to go on: your token is missing, not valid, or has expired."));
}

/** Resolves with a newer token once the user has pasted one. */
function refreshToken() {
  return new Promise((resolve) => {
    const ask = () => signInDialog.ask("Paste a newer token to stay signed in.").then((token) => resolve(useToken(token)), () => resolve(null));
    toasts.show("Your session is about to expire.", { kind: "warning", action: { label: "Sign in again", click: ask } });
  });
}

function showMe(me) {
  const user = { userId: me.userId, userName: me.userName };
  byId("me-avatar").replaceChildren(avatar(user));
  byId("me-name").textContent = nameOf(user);
  byId("me-role").textContent = me.role;
  Object.assign(byId("me").dataset, { userId: me.userId, role: me.role });
  showSession(Boolean(settings.token));
  composer.lock(Boolean(me.readOnly));
  composer.limit(me.limits?.maxMessageLength ?? 2000);
}

/** The way in, or out. */
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
    toasts.show(`#${room}: ${error?.error ?? "this room cannot be joined"}`, { kind: "error" });
  }
}

chat.addEventListener("connected", ({ detail }) => showMe(detail));
chat.addEventListener("typing", ({ detail }) => detail.room === active && showTyping(detail.users));
chat.addEventListener("room", ({ detail }) => detail.error && showRefusal(detail));
chat.addEventListener("error", ({ detail }) => toasts.show(detail.error, { kind: "error" }));
chat.addEventListener("throttled", ({ detail }) => {
  toasts.show(`Slow down: sending again in ${(detail.retryAfterMs / 1000).toFixed(1)} s.`, { kind: "warning" });
});
chat.addEventListener("outgoing", ({ detail }) => {
  if (detail.error?.code === "read_only") {
    composer.lock(true);
  }
});
chat.addEventListener("messages", ({ detail: { room } }) => {
  if (room !== active && chat.messages(room).length > KEEP_MAX) {
    chat.trim(room, KEEP);
  }
});
byId("session-button").addEventListener("click", () => (settings.token ? signOut() : signIn()));
byId("read-only-button").addEventListener("click", signIn);
byId("skip-link").addEventListener("click", (event) => {
  event.preventDefault(); // the address is the room's
  byId("composer-input").focus();
});
addEventListener("online", () => chat.wake());
addEventListener("offline", () => chat.wake()); // not all that say so are, and those that are find out sooner
document.addEventListener("visibilitychange", () => !document.hidden && chat.wake());
addEventListener("hashchange", () => addressed() && addressed() !== active && join(addressed()));

drawIcons();
followViewport();
if (addressed()) {
  join(addressed());
} else {
  open(chat.rooms.includes(settings.active) ? settings.active : chat.rooms[0]);
}
chat.connect();
