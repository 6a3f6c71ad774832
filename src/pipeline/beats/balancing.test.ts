import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { planBalancing } from "./balancing.ts";

const settings = { protocol: "reference" as const, neighbours: 5, majorityCap: 0, seed: 1 };
const rowsOf = (sizes: number[]): Uint8Array =>
  Uint8Array.from(sizes.flatMap((size, number) => Array<number>(size).fill(number)));
const every = (rows: Uint8Array): Uint32Array => Uint32Array.from(rows, (_, row) => row);
const labels = ["A", "N", "V"];

describe("balancing for other protocols than the reference study", () => {
  const balance = (sizes: number[], majorityCap: number) => {
    const classes = rowsOf(sizes);
    const plan = planBalancing(classes, labels, every(classes), {
      ...settings,
      protocol: "inter-patient",
      majorityCap,
    });
    const added = labels.map((_, number) => plan.classes.find((each) => each.class === number)?.synthetic ?? 0);
    const removed = labels.map((_, number) => plan.overCap.filter((row) => classes[row] === number).length);
    return { sizes: sizes.map((size, number) => size + added[number] - removed[number]), added };
  };

  it("gives every class the same size, also where the cap is below the largest", () => {
    expect(balance([3, 80, 20], 30).sizes).toEqual([30, 30, 30]);
    expect(balance([3, 80, 20], 10).sizes).toEqual([10, 10, 10]);
  });

  it("makes no more than ten times the real beats of the other classes, unless there is no cap", () => {
    expect(balance([1, 200, 2], 50_000)).toEqual({ sizes: [30, 30, 30], added: [29, 0, 28] });
    expect(balance([1, 200, 2], 0).sizes).toEqual([200, 200, 200]);
  });
});

describe("planBalancing", () => {
  it("oversamples every class to the size of the largest, like imbalanced-learn", () => {
    // Made by tests/golden/make-smote.py.
    const golden = JSON.parse(readFileSync(new URL("../../../tests/golden/smote.json", import.meta.url), "utf8")) as {
      sizes: number[];
      balancedSizes: number[];
    };
    const classes = rowsOf(golden.sizes);
    const sizes = [...golden.sizes];
    const names = sizes.map((_, number) => `c${number}`);
    for (const each of planBalancing(classes, names, every(classes), settings).classes)
      sizes[each.class] += each.synthetic;
    expect(sizes).toEqual(golden.balancedSizes);
  });

  it("lists members and number of neighbours of each class", () => {
    const classes = rowsOf([3, 8, 1]);
    const { classes: unbalanced } = planBalancing(classes, labels, every(classes), settings);
    expect(unbalanced).toEqual([
      { class: 0, label: "A", members: Uint32Array.of(0, 1, 2), k: 2, synthetic: 5 },
      { class: 2, label: "V", members: Uint32Array.of(11), k: 0, synthetic: 7 },
    ]);
  });

  it("uses only the beats to balance, and leaves classes without any empty", () => {
    const classes = rowsOf([4, 8, 3]);
    const { classes: unbalanced } = planBalancing(classes, labels, Uint32Array.of(0, 3, 4, 5, 6), settings);
    expect(unbalanced).toEqual([{ class: 0, label: "A", members: Uint32Array.of(0, 3), k: 1, synthetic: 1 }]);
  });

  it("undersamples only the largest class, after the others have its size", () => {
    const classes = rowsOf([3, 8, 1]);
    const plan = planBalancing(classes, labels, every(classes), { ...settings, majorityCap: 6 });
    expect(plan.classes.map(({ synthetic }) => synthetic)).toEqual([5, 7]);
    expect(plan.overCap).toHaveLength(2);
    expect(plan.overCap.every((row) => classes[row] === 1)).toBe(true);
    expect(planBalancing(classes, labels, every(classes), { ...settings, majorityCap: 8 }).overCap).toHaveLength(0);
  });

  it("draws the excluded beats uniformly: 2 of 8, each equally often, within five standard errors", () => {
    const classes = rowsOf([0, 8, 0]);
    const counts = new Uint32Array(8);
    const n = 4000;
    for (let seed = 0; seed < n; seed++) {
      for (const row of planBalancing(classes, labels, every(classes), { ...settings, majorityCap: 6, seed }).overCap) {
        counts[row]++;
      }
    }
    for (const count of counts) expect(Math.abs(count - n / 4)).toBeLessThan(5 * Math.sqrt((n * 3) / 16));
  });
});
