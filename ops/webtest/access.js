// Accessibility rules (WCAG 2.2 A and AA) that can be checked on the rendered page. The script evaluates to the
// violations, one per line, or to "" if there are none.
(() => {
  const found = [];
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const shown = (node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
  const describe = (node) => `${node.localName}${node.id && `#${node.id}`}${[...node.classList].map((c) => `.${c}`).join("")}`;
  const report = (rule, node, detail = "") => found.push(`${rule}: ${describe(node)} ${detail}`.trim());
  const textOf = (node) => [...node.childNodes].map((n) => (n.nodeType === 3 ? n.data : n.nodeType === 1 && n.ariaHidden !== "true" ? n.alt ?? textOf(n) : "")).join("").trim();
  const byIds = (ids) => (ids ?? "").split(/\s+/).filter(Boolean).map((id) => document.getElementById(id));
  const accessibleName = (node) =>
    byIds(node.getAttribute("aria-labelledby")).map((n) => n?.textContent ?? "").join(" ").trim() ||
    node.getAttribute("aria-label") || [...(node.labels ?? [])].map(textOf).join(" ") || (node.matches("input, textarea") ? "" : textOf(node)) || node.title;

  // Names and structure.
  if (!document.documentElement.lang) report("language", document.documentElement);
  if (!document.title.trim()) report("title", document.documentElement);
  const ids = all("[id]").map((n) => n.id);
  all("[id]").filter((n) => ids.indexOf(n.id) !== ids.lastIndexOf(n.id)).forEach((n) => report("duplicate id", n));
  for (const attribute of ["aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-activedescendant", "for"]) {
    all(`[${attribute}]`).filter((n) => byIds(n.getAttribute(attribute)).includes(null)).forEach((n) => report(`${attribute} refers to a missing id`, n));
  }
  all("button, a[href], input, textarea, select, summary, dialog, nav, aside, [role=log], [role=region], [role=img]")
    .filter((n) => n.type !== "hidden" && !n.closest("[hidden]") && !accessibleName(n)?.trim()).forEach((n) => report("no name", n));
  all("img:not([alt])").forEach((n) => report("no alt", n));
  all("[tabindex]").filter((n) => n.tabIndex > 0).forEach((n) => report("tabindex above 0", n));
  all("[aria-hidden=true]").filter((n) => [n, ...all("a, button, input, textarea, [tabindex]", n)].some((m) => m.tabIndex >= 0 && shown(m))).forEach((n) => report("hidden, but focusable", n));
  all("ul > *, ol > *").filter((n) => !n.matches("li")).forEach((n) => report("list child is not an item", n));
  all("li").filter((n) => !n.parentElement.matches("ul, ol")).forEach((n) => report("item outside a list", n));
  all("button button, button a, a button, a a").forEach((n) => report("nested controls", n));
  const levels = all("h1, h2, h3, h4").filter((n) => shown(n) && !n.closest("dialog"));
  if (levels.filter((n) => n.localName === "h1").length !== 1) report("not exactly one h1", document.body);
  if (all("main").length !== 1) report("not exactly one main", document.body);

  // Targets must be at least 24 px wide and high.
  all("button, summary, input").filter(shown).forEach((n) => {
    const { width, height } = n.getBoundingClientRect();
    if (Math.min(width, height) < 24 && !n.matches(".link-button")) report("target too small", n, `${width}x${height}`); // link buttons are inline in text
  });

  // The contrast of text must be at least 4.5, or 3 if the text is large.
  const parse = (colour) => {
    const n = colour.match(/[\d.]+/g).map(Number);
    return colour.startsWith("color(") ? [...n.slice(0, 3).map((v) => v * 255), n[3] ?? 1] : [...n.slice(0, 3), n[3] ?? 1];
  };
  const over = (top, under) => under.map((v, i) => (i < 3 ? top[i] * top[3] + v * (1 - top[3]) : 1));
  const ground = (node) => {
    const layers = [];
    for (let n = node; n; n = n.parentElement) layers.push(parse(getComputedStyle(n).backgroundColor));
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
  };
  const light = (c) => c.slice(0, 3).map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4)).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  for (const node of all("body *").filter((n) => !n.closest("button:disabled, script, noscript, svg") && [...n.childNodes].some((c) => c.nodeType === 3 && c.data.trim()) && shown(n))) {
    const style = getComputedStyle(node);
    const back = ground(node);
    const [a, b] = [light(over(parse(style.color), back)), light(back)].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < (size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5)) report("contrast", node, ratio.toFixed(2));
  }
  return [...new Set(found)].join("\n");
})()
