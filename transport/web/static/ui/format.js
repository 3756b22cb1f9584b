import { el } from "./dom.js";

const LINK = /https?:\/\/[^\s<>"']+/g;
const characters = new Intl.Segmenter();
const AFTER_LINK = /[.,;:!?\]}]$/; // punctuation of the sentence, not of the address

/** @returns {(Node | string)[]} the text, with its http and https addresses as links */
export function linkify(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const href = trimAddress(match[0]);
    if (!URL.canParse(href)) {
      continue;
    }
    parts.push(text.slice(end, match.index), link(href));
    end = match.index + href.length;
  }
  return [...parts, text.slice(end)];
}

/** Removes trailing punctuation. A closing parenthesis remains if the address contains the opening one. */
function trimAddress(text) {
  const spare = text.endsWith(")") && text.split(")").length > text.split("(").length;
  return spare || AFTER_LINK.test(text) ? trimAddress(text.slice(0, -1)) : text;
}

function link(href) {
  return el("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, href);
}

/** @returns {string} the name of a user to display */
export function displayName(user) {
  return user.userName || user.userId || "Unknown user";
}

/** Creates the avatar of a user: the picture, or the initials if it is missing or cannot be loaded. */
export function avatar(user) {
  const node = el("span.avatar", { "aria-hidden": "true", "data-color": avatarColor(user.userId ?? "") }, initials(displayName(user)));
  if (/^https:\/\//.test(user.userAvatar ?? "")) {
    const image = el("img", { alt: "", referrerpolicy: "no-referrer", decoding: "async" });
    image.addEventListener("load", () => node.append(image), { once: true });
    image.src = user.userAvatar;
  }
  return node;
}

function initials(name) {
  const words = name.split(/[\s._-]+/u).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => firstCharacter(word).toUpperCase()).join("");
}

/** @returns {string} the first grapheme cluster; one emoji may have five code points */
function firstCharacter(word) {
  return characters.segment(word)[Symbol.iterator]().next().value.segment;
}

function avatarColor(userId) {
  let sum = 0;
  for (const char of userId) {
    sum = (sum * 31 + char.codePointAt(0)) % 9973;
  }
  return sum % 8;
}

/** @param {object} message @returns {Date} the time of the message, by the clock of the server */
export function sentAt(message) {
  return new Date(message.createdAt ?? message.timestamp ?? Date.now());
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const dayAndYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long", year: "numeric" });

export const clockTime = (date) => clock.format(date);
/** The time without AM or PM, for narrow columns. */
export const shortTime = (date) => clock.formatToParts(date).filter((part) => part.type !== "dayPeriod").map((part) => part.value).join("").trim();
export const fullTime = (date) => full.format(date);

/** @returns {string} "Today", "Yesterday", or the date */
export function dayName(date) {
  const now = new Date();
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (date.toDateString() === now.toDateString()) {
    return "Today";
  }
  if (date.toDateString() === yesterday.toDateString()) {
    return "Yesterday";
  }
  return date.getFullYear() === now.getFullYear() ? day.format(date) : dayAndYear.format(date);
}

/** @returns {(Node | string)[]} "Ada", "Ada and Bob", "Ada, Bob and 3 others"; each name has its own text direction */
export function listNames(users) {
  const names = users.map((user) => el("bdi", {}, displayName(user)));
  if (names.length > 2) {
    const others = names.length - 2;
    return [names[0], ", ", names[1], ` and ${others} ${others === 1 ? "other" : "others"}`];
  }
  return names.flatMap((name, i) => (i > 0 ? [" and ", name] : [name]));
}
