import { expect, it } from "vitest";
import { ref, shallowRef } from "vue";
import type { EditSummary, ReviewProgress } from "../../../../contract/domain/reviews.ts";
import { mountComponent } from "../../../testing/mount-component.ts";
import ReviewLearning from "./review-learning.vue";

const progress = (reviewedBeats: number): ReviewProgress => {
  return { edits: reviewedBeats, reviewedBeats, beats: 100, canUndo: true, canRedo: false };
};
const learned: EditSummary = {
  ...{ id: 7, kind: "learn", target: null, reviewer: "A. Reviewer", at: "2026-11-30T00:00:00Z" },
  ...{ text: "Learn: run 4 relabels 12 beats", sample: 10, isApplied: true },
};

function reviewOf(reviewedBeats: number, log: EditSummary[], taken: number[] = []) {
  return {
    set: ref("run1-reviewed"),
    progress: shallowRef(progress(reviewedBeats)),
    log: shallowRef(log),
    place: () => ({ dataset: 1, record: "100", set: "run1-reviewed" }),
    reload: () => Promise.resolve(),
    takeBack: (entry: number) => Promise.resolve(void taken.push(entry)),
  };
}
async function mount(review: ReturnType<typeof reviewOf>): Promise<HTMLButtonElement[]> {
  await mountComponent(ReviewLearning, { props: { review, reviewer: "A. Reviewer" } });
  return [...document.querySelectorAll("button")];
}

it("needs reviewed beats, and says how many", async () => {
  const [learn] = await mount(reviewOf(9, []));
  expect(learn.disabled).toBe(true);
  expect(learn.title).toBe("Correct or confirm 10 beats first");
});

it("says how many labels changed, and takes them back", async () => {
  const taken: number[] = [];
  const [learn, takeBack] = await mount(reviewOf(10, [learned], taken));
  expect(learn.disabled).toBe(false);
  expect(document.body.textContent).toContain("Learn: run 4 relabels 12 beats. Reviewed labels are unchanged.");
  takeBack.click();
  expect(taken).toEqual([7]);
});

it("offers nothing to take back once the labels were undone", async () => {
  const buttons = await mount(reviewOf(10, [{ ...learned, isApplied: false }]));
  expect(buttons).toHaveLength(1);
});
