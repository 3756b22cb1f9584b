const ICONS = {
  close: "M6 6l12 12M18 6L6 18",
  plus: "M12 5v14M5 12h14",
  menu: "M4 7h16M4 12h16M4 17h16",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c0-3.6 2.9-6 6.5-6s6.5 2.4 6.5 6M16 4.3a3.5 3.5 0 0 1 0 6.4M17.5 14.3c2.4.7 4 2.8 4 5.7",
  down: "M12 5v14M6 13l6 6 6-6",
  send: "M12 19V5M6 11l6-6 6 6",
  edit: "M4 20h4L19 9l-4-4L4 16v4zM13.5 6.5l4 4",
  trash: "M5 7h14M10 7V4.5h4V7M7 7l1 12.5h8L17 7",
  copy: "M9 9h10v11H9zM15 9V4H5v11h4",
  leave: "M14 4h5v16h-5M10 8l-4 4 4 4M6 12h9",
  link: "M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.7 5.7l1-1",
  retry: "M5 12a7 7 0 1 1 2.2 5.1M5 19v-4.5h4.5",
};

/** Returns the element with an id. index.html contains all of them. */
export const byId = (id) => document.getElementById(id);

/**
 * Creates an element. Strings become text nodes and are never parsed as markup.
 * @param {string} tag "div" or "div.some.class"
 * @param {Record<string, unknown>} [props] attributes; functions become event handlers; null and false are ignored
 * @param {...(Node | string | null | undefined | false)} children
 */
export function el(tag, props = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name);
  if (classes.length > 0) {
    node.className = classes.join(" ");
  }
  for (const [key, value] of Object.entries(props)) {
    if (typeof value === "function") {
      node.addEventListener(key, value);
    } else if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(key, value === true ? "" : String(value));
    }
  }
  node.append(...children.filter((child) => child || child === 0));
  return node;
}

/** @param {keyof typeof ICONS} name @returns {SVGElement} hidden from screen readers, because its button has a label */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(path);
  return svg;
}

/** Draws the icons of the elements with data-icon. */
export function drawIcons() {
  for (const node of document.querySelectorAll("[data-icon]")) {
    node.prepend(icon(node.dataset.icon));
  }
}

/**
 * Focuses a text field and sets its selection again. Without this, Chromium leaves the selection in a closed dialog,
 * and typed text is lost.
 */
export function focusText(field) {
  field.focus();
  field.setSelectionRange(field.selectionStart, field.selectionEnd);
}

/** Creates a round button with an icon and no text. */
export function iconButton(name, label, click, props = {}) {
  return el("button.icon-button", { type: "button", "aria-label": label, title: label, click, ...props }, icon(name));
}
