import { expect, it } from "vitest";
import { computed, defineComponent, h, ref, shallowRef } from "vue";
import type { Label } from "../../../../contract/domain/labels.ts";
import type { Edit, EditSummary, ReviewProgress } from "../../../../contract/domain/reviews.ts";
import { listenForShortcuts } from "../../../base/shortcuts.ts";
import { mountComponent } from "../../../testing/mount-component.ts";
import { nextQueued } from "./review-beats.ts";
import ReviewPanel from "./review-panel.vue";

const beats = [10, 20, 30, 40].map((sample): Label => {
  return { sample, symbol: "N", subtype: 0, text: "", flags: 0, probability: null };
});
const entry: EditSummary = {
  ...{ id: 1, kind: "relabel", target: null, reviewer: "A. Reviewer", at: "2026-11-30T00:00:00Z" },
  ...{ text: "1 beat N → V", sample: 20, isApplied: false },
};
const progress: ReviewProgress = { edits: 1, reviewedBeats: 1, beats: 4, canUndo: true, canRedo: false };

/** A viewer in review whose edits are never answered: only what the panel asks for is seen. */
function viewerOf({ legs = null }: { legs?: { from: number; to: number } | null } = {}) {
  const head = ref(10);
  const asked: (Edit | string)[] = [];
  const queue = ref("unreviewed");
  const picked = shallowRef<ReadonlySet<number>>(new Set());
  const review = {
    ...{
      set: ref("atr-reviewed"),
      progress: shallowRef(progress),
      log: shallowRef([entry]),
      pending: ref(0),
      queue,
      picked,
    },
    ...{ error: shallowRef(null), addedSymbol: ref("N"), end: () => asked.push("end") },
    chosen: computed(() => beats.filter(({ sample }) => sample === head.value)),
    edit: (edit: Edit) => new Promise<void>(() => asked.push(edit)),
    walk: (kind: string) => Promise.resolve(asked.push(kind)),
    step: () => {},
    next: (by: 1 | -1, without?: ReadonlySet<number>) => {
      const beat = nextQueued(beats, { queue: queue.value, picked: picked.value, without }, head.value, by);
      if (beat) head.value = beat.sample;
    },
    place: () => ({ dataset: 1, record: "100", set: "atr-reviewed" }),
  };
  const viewer = {
    review,
    record: shallowRef({ rate: 10, compared: undefined }),
    mode: ref("strip"),
    selection: { groups: ref([{ kind: "beat", key: "N", title: "Normal" }]) },
    calipers: { legs: ref(legs) },
  };
  return { viewer, asked, head };
}
/** The panel, with the shortcuts that the app listens for. */
const Shown = defineComponent({
  props: { viewer: { type: Object, required: true } },
  setup(props) {
    listenForShortcuts();
    return () => h(ReviewPanel, props as never);
  },
});
const press = (key: string, init: KeyboardEventInit = {}): boolean =>
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init }));
const button = (text: string): HTMLButtonElement =>
  [...document.querySelectorAll("button")].find((each) => each.textContent.trim() === text)!;

it("confirms one beat after the other where the key is pressed before the answers", async () => {
  const { viewer, asked, head } = viewerOf();
  await mountComponent(Shown, { props: { viewer } });
  for (let i = 0; i < 3; i++) press(".");
  expect(asked).toEqual([10, 20, 30].map((beat) => ({ kind: "confirm", beats: [beat] })));
  expect(head.value).toBe(40);
});

it("labels the chosen beat by a letter, undoes and redoes, and leaves other letters alone", async () => {
  const { viewer, asked } = viewerOf();
  await mountComponent(Shown, { props: { viewer } });
  for (const key of ["V", "m"]) press(key);
  press("z", { ctrlKey: true });
  press("Z", { ctrlKey: true, shiftKey: true });
  expect(asked).toEqual([{ kind: "relabel", beats: [10], symbol: "V" }, "undo", "redo"]);
  expect(button("Undo").disabled).toBe(false);
  expect(button("Redo").disabled).toBe(true);
});

it("says what is chosen and stored, and strikes out an edit that was undone", async () => {
  const { viewer } = viewerOf();
  await mountComponent(Shown, { props: { viewer } });
  const text = document.querySelector("[role=status]")?.textContent.replaceAll(/\s+/g, " ").trim();
  expect(text).toBe("N at 0:01.0 · 1 of 4 beats reviewed · Every edit is stored.");
  const details = document.querySelector("details")!;
  details.open = true;
  details.dispatchEvent(new Event("toggle"));
  await Promise.resolve();
  expect(document.querySelector("li")?.className).toBe("undone");
});

it("marks the stretch between the calipers, in either direction", async () => {
  const { viewer, asked } = viewerOf({ legs: { from: 90, to: 30 } });
  await mountComponent(Shown, { props: { viewer } });
  button("Mark").click();
  expect(asked).toEqual([{ kind: "rhythm", from: 30, to: 90, code: "AFIB" }]);
});
