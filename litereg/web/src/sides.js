// Docs, Schema and History stand on the right. GraphiQL lays them out on the left: the style
// sheet turns the row around, and this file turns around what measures from the left.

const BAR = ".graphiql-main > .graphiql-horizontal-drag-bar";
const SMALLEST_PX = 220;
// GraphiQL keeps the share of the panel under this name, and reads it when the panel opens.
const STORED_AS = "graphiql:docExplorerFlex";

/** Let the bar between panel and editors be dragged, and remember where it was left. */
export function dragFromTheRight(storage) {
  addEventListener("pointerdown", (down) => {
    const bar = down.target instanceof Element && down.target.closest(BAR);
    if (!bar) return;
    down.preventDefault(); // Without mouse events to follow, GraphiQL's own measuring stays out.
    const main = bar.parentElement;
    const panel = main.querySelector(":scope > .graphiql-plugin");

    function drag(move) {
      const { right, width } = main.getBoundingClientRect();
      const size = Math.min(Math.max(right - move.clientX, SMALLEST_PX), width - SMALLEST_PX);
      panel.style.flex = String(size / (width - size));
    }
    function drop() {
      bar.removeEventListener("pointermove", drag);
      storage?.setItem(STORED_AS, panel.style.flexGrow);
    }
    bar.setPointerCapture(down.pointerId);
    bar.addEventListener("pointermove", drag);
    bar.addEventListener("lostpointercapture", drop, { once: true });
  });
}

/** Let the documented shortcut find the Docs button, which GraphiQL knows by a longer name. */
export function openDocsByShortcut() {
  addEventListener("keydown", ({ altKey, ctrlKey, metaKey, code }) => {
    if (!altKey || !(ctrlKey || metaKey) || code !== "KeyK") return;
    document.querySelector('.graphiql-sidebar [aria-label="Show Docs"]')?.click();
  });
}
