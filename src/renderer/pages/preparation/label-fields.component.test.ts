import { expect, it } from "vitest";
import type { AnnotationSetOverview } from "../../../contract/domain/annotation-sets.ts";
import type { LabelChoice } from "../../../contract/domain/label-choice.ts";
import { mountComponent } from "../../testing/mount-component.ts";
import LabelFields from "./label-fields.vue";

const set = (
  name: string,
  origin: AnnotationSetOverview["origin"],
  rest: Partial<AnnotationSetOverview> = {},
): AnnotationSetOverview => ({
  ...{ id: 1, name, origin, parent: null, leads: [], runs: [], createdAt: "2026-11-30T00:00:00Z", used: false },
  records: [{ record: "100", symbols: { N: 10 } }],
  ...rest,
});
const sets = [
  set("atr", "imported", { used: true }),
  set("run1", "classified", { runs: [1] }),
  set("run1-reviewed", "reviewed", { runs: [1] }),
];

it("offers reviewed sets, with the recordings' annotations for the other recordings, and no set of a network", async () => {
  let chosen: LabelChoice | undefined;
  await mountComponent(LabelFields, {
    props: {
      sets,
      modelValue: undefined,
      "onUpdate:modelValue": (choice: LabelChoice | undefined) => (chosen = choice),
    },
  });
  const select = document.querySelector("select")!;
  expect([...select.options].map(({ text }) => text.trim())).toEqual([
    "Those of the recordings (atr)",
    "run1-reviewed (reviewed, 1 recording)",
    "run1-reviewed, else atr",
  ]);
  select.value = "run1-reviewed atr";
  select.dispatchEvent(new Event("change"));
  // Its unreviewed labels are those of a network.
  expect(chosen).toEqual({ sets: ["run1-reviewed", "atr"], reviewedOnly: true });
});

it("is absent where the recordings have no other set", async () => {
  await mountComponent(LabelFields, { props: { sets: [sets[0], sets[1]], modelValue: undefined } });
  expect(document.querySelector("select")).toBeNull();
});
