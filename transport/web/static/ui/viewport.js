/**
 * Keeps the page as tall as what can be seen of it. Keyboards on screen cover a page on iOS instead of making it
 * smaller, and scroll it away from under its header.
 */
export function followViewport() {
  const view = window.visualViewport;
  const root = document.documentElement;
  const follow = () => {
    root.style.setProperty("--height", view.scale > 1.01 ? "100dvh" : `${view.height}px`); // zoomed in, the whole page stays
    if (view.scale <= 1.01) {
      scrollTo(0, 0);
    }
  };
  view?.addEventListener("resize", follow);
  follow();
}
