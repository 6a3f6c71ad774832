/** The keys of the viewer. */
import { useShortcut } from "../../../base/shortcuts.ts";
import { ALL_RHYTHMS, DISAGREEMENTS } from "./events.ts";
import type { Viewer } from "./use-viewer.ts";
import { panned } from "./view.ts";

/** @param focusTime moves the focus to the field of the time */
export function useViewerShortcuts(viewer: Viewer, focusTime: () => void): void {
  const { control, scale, selection } = viewer;
  const panBy = (fraction: number): void =>
    control.change((view, extent) => panned(view, fraction * extent.width, extent), true);
  const startAt = (start: number): void => control.change((view) => ({ ...view, start }), true);

  useShortcut("ArrowLeft", "Scroll left", () => panBy(-0.2));
  useShortcut("ArrowRight", "Scroll right", () => panBy(0.2));
  useShortcut("PageUp", "Scroll left by a screen", () => panBy(-0.9));
  useShortcut("PageDown", "Scroll right by a screen", () => panBy(0.9));
  useShortcut("Home", "Go to the start", () => startAt(0));
  useShortcut("End", "Go to the end", () => startAt(viewer.duration.value));
  useShortcut("+", "Zoom in by a step", () => scale.zoom(1));
  useShortcut("-", "Zoom out by a step", () => scale.zoom(-1));
  useShortcut(">", "Increase the gain by a step", () => scale.amplify(1));
  useShortcut("<", "Decrease the gain by a step", () => scale.amplify(-1));
  useShortcut("f", "Fit the gain to the trace in view", viewer.fit);
  useShortcut("0", "Standard scale: 25 mm/s, 10 mm/mV", scale.reset);
  useShortcut("n", "Next beat or event of the selected type", () => selection.step(1));
  useShortcut("p", "Previous beat or event of the selected type", () => selection.step(-1));
  useShortcut("]", "Next rhythm episode", () => selection.step(1, ALL_RHYTHMS));
  useShortcut("[", "Previous rhythm episode", () => selection.step(-1, ALL_RHYTHMS));
  useShortcut("x", "Next disagreement with the compared annotations", () => selection.step(1, DISAGREEMENTS));
  useShortcut("X", "Previous disagreement with the compared annotations", () => selection.step(-1, DISAGREEMENTS));
  useShortcut("c", "Select the next type of beats or events", selection.chooseNextGroup);
  useShortcut("m", "Toggle the calipers; arrow keys move a focused handle", () => {
    viewer.calipers.shown.value = !viewer.calipers.shown.value;
  });
  useShortcut("d", "Toggle the filtered trace", () => (viewer.denoised.value = !viewer.denoised.value));
  useShortcut("w", "Toggle the beat window", () => (viewer.windowShown.value = !viewer.windowShown.value));
  useShortcut("t", "Toggle heart rate and RR intervals", () => (viewer.trends.value = !viewer.trends.value));
  useShortcut("g", "Go to a time", focusTime);
}
