/**
 * Keeps the height of the page equal to its visible part. On iOS, an on-screen keyboard covers the page instead of
 * resizing it, and scrolls the header out of view.
 */
export function followViewport() {
  const view = window.visualViewport;
  const root = document.documentElement;
  const follow = () => {
    root.style.setProperty("--height", view.scale > 1.01 ? "100dvh" : `${view.height}px`); // not while zoomed in
    if (view.scale <= 1.01) {
      scrollTo(0, 0);
    }
  };
  view?.addEventListener("resize", follow);
  follow();
}
