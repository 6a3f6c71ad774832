/** Finds faults of a page's layout: sideways scroll, cut texts and overlapping controls. */
import type { Page } from "@playwright/test";

/** Window sizes in pixels; the last is 1280×720 at 200 %. */
export const WINDOW_SIZES = [
  [1920, 1080],
  [1280, 720],
  [1024, 640],
  [640, 360],
] as const;

/** Returns each fault of the shown page with its elements; nothing where the layout holds. */
export function layoutFaults(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(${findFaults})()`);
}

/** Runs in the page. It is a text, as these tests have no types of a browser. */
const findFaults = `() => {
  const faults = [];
  const nameOf = (each) => {
    const text = (each.getAttribute("aria-label") || each.textContent || each.id).trim().replace(/\\s+/g, " ");
    return "<" + each.tagName.toLowerCase() + " class='" + each.className + "'> " + text.slice(0, 60);
  };
  const visible = (each) => each.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  for (const each of [document.documentElement, document.querySelector("main")]) {
    const excess = each.scrollWidth - each.clientWidth;
    if (excess > 0) faults.push("scrolls sideways by " + excess + " px: " + each.tagName.toLowerCase());
  }

  // Text for screen readers alone is 1 px wide.
  for (const each of document.querySelectorAll("body *")) {
    if (!visible(each) || each.clientWidth <= 1 || each.scrollWidth <= each.clientWidth + 1) continue;
    if (![...each.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim() !== "")) continue;
    const style = getComputedStyle(each);
    if (style.overflowX !== "hidden" && style.overflowX !== "clip") continue;
    const titled = each.closest("[title]") !== null;
    if (style.textOverflow !== "ellipsis" || !titled) faults.push("cut: " + nameOf(each));
  }

  // A control inside another one, or one that another layer covers on purpose, is no overlap.
  const controls = [...document.querySelectorAll("main :is(a, button, input, select, textarea, [role=button])")]
    .filter((each) => visible(each) && each.getBoundingClientRect().width > 1)
    .filter((each) => !(each.tagName === "INPUT" && getComputedStyle(each).opacity === "0"))
    .map((element) => ({ element, boxes: [...element.getClientRects()] }));
  const meet = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  controls.forEach(({ element: a, boxes }, i) => {
    for (const { element: b, boxes: others } of controls.slice(i + 1)) {
      if (a.contains(b) || b.contains(a)) continue;
      if (boxes.some((box) => others.some((other) => meet(box, other)))) {
        faults.push("overlap: " + nameOf(a) + " / " + nameOf(b));
      }
    }
  });
  return faults;
}`;
