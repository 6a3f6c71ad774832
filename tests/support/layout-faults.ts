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
  const dialog = [...document.querySelectorAll("[role=dialog]")].find(visible);
  const places = [document.documentElement, document.querySelector("main"), ...(dialog ? [dialog, ...dialog.children] : [])];
  for (const each of places) {
    const excess = each.scrollWidth - each.clientWidth;
    if (excess > 0) faults.push("scrolls sideways by " + excess + " px: " + each.tagName.toLowerCase());
  }

  // Text for screen readers alone is 1 px wide.
  for (const each of document.querySelectorAll("body *")) {
    if (!visible(each) || each.clientWidth <= 1 || each.scrollWidth <= each.clientWidth + 1) continue;
    if (each.closest(".visually-hidden") !== null) continue;
    if (![...each.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim() !== "")) continue;
    const style = getComputedStyle(each);
    if (style.overflowX !== "hidden" && style.overflowX !== "clip") continue;
    // A tooltip, or a control that opens it, has the whole text.
    const whole = each.closest("[title], [aria-expanded]") !== null;
    if (style.textOverflow !== "ellipsis" || !whole) faults.push("cut: " + nameOf(each));
  }

  // What a region that scrolls does not show is no overlap.
  const cutTo = (box, element) => {
    let { left, top, right, bottom } = box;
    for (let around = element.parentElement; around !== null; around = around.parentElement) {
      if (getComputedStyle(around).overflow === "visible" || around === document.body) continue;
      const frame = around.getBoundingClientRect();
      left = Math.max(left, frame.left);
      top = Math.max(top, frame.top);
      right = Math.min(right, frame.right);
      bottom = Math.min(bottom, frame.bottom);
    }
    return { left, top, right, bottom };
  };
  // What lies over the page covers it on purpose.
  const layerOf = (element) => {
    for (let around = element.parentElement; around !== null; around = around.parentElement) {
      const { position, zIndex } = getComputedStyle(around);
      if (zIndex !== "auto" && position !== "static") return around;
    }
    return null;
  };
  // A control inside another one is no overlap.
  const root = dialog ?? document.querySelector("main");
  const controls = [...root.querySelectorAll("a, button, input, select, textarea, [role=button]")]
    .filter((each) => visible(each) && each.getBoundingClientRect().width > 1)
    .filter((each) => !(each.tagName === "INPUT" && getComputedStyle(each).opacity === "0"))
    .map((element) => ({ element, layer: layerOf(element), boxes: [...element.getClientRects()].map((box) => cutTo(box, element)) }));
  const meet = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  controls.forEach(({ element: a, layer, boxes }, i) => {
    for (const { element: b, layer: other, boxes: others } of controls.slice(i + 1)) {
      if (layer !== other || a.contains(b) || b.contains(a)) continue;
      if (boxes.some((box) => others.some((other) => meet(box, other)))) {
        faults.push("overlap: " + nameOf(a) + " / " + nameOf(b));
      }
    }
  });
  // What is fixed to the window lies above the page.
  for (const each of dialog ? [] : document.querySelectorAll("aside :is(a, button)")) {
    const { left, top, width, height } = each.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    if (!visible(each) || y < 0 || y > innerHeight || width <= 1) continue;
    const hit = document.elementFromPoint(x, y);
    if (hit !== null && hit.closest("aside") === null) faults.push("covered: " + nameOf(each) + " by " + nameOf(hit));
  }
  return faults;
}`;
