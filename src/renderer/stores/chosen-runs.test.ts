import { createPinia, setActivePinia } from "pinia";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { RunOverview } from "../../contract/domain/runs.ts";
import { useChosenRuns } from "./chosen-runs.ts";
import { useRuns } from "./runs.ts";

vi.mock("../api/client.ts", async () => {
  const { ref } = await import("vue");
  return {
    client: { call: () => Promise.resolve([]), on: () => () => {} },
    useConnection: () => ({ connected: ref(false) }),
  };
});

const numbers = (runs: readonly RunOverview[]): number[] => runs.map(({ id }) => id);
const listed = (...ids: number[]) => ids.map((id) => ({ id }) as RunOverview);

describe("chosen runs", () => {
  beforeEach(() => {
    setActivePinia(createPinia());
    useRuns().items = listed(4, 3, 2, 1);
  });

  it("are chosen one by one, and given oldest first", () => {
    const store = useChosenRuns();
    for (const run of [3, 1, 4, 3]) store.toggle(run);
    expect(numbers(store.chosen)).toEqual([1, 4]);
  });

  it("are chosen all at once, and left again, beside others that stay", () => {
    const store = useChosenRuns();
    store.set([1]);
    store.toggle(2);
    store.toggleAll([2, 3]);
    expect(numbers(store.chosen)).toEqual([1, 2, 3]);
    store.toggleAll([2, 3]);
    expect(numbers(store.chosen)).toEqual([1]);
  });

  it("are no longer chosen when they are gone, and again when they are back", () => {
    const [store, runs] = [useChosenRuns(), useRuns()];
    store.set([2, 3]);
    runs.items = listed(4, 3, 1);
    expect(numbers(store.chosen)).toEqual([3]);
    runs.items = listed(4, 3, 2, 1);
    expect(numbers(store.chosen)).toEqual([2, 3]);
  });
});
