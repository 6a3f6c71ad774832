import { createPinia, setActivePinia } from "pinia";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { RunOverview } from "../../contract/domain/runs.ts";
import { useSelectedRuns } from "./selected-runs.ts";
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

describe("selected runs", () => {
  beforeEach(() => {
    setActivePinia(createPinia());
    useRuns().items = listed(4, 3, 2, 1);
  });

  it("are selected one by one, and listed oldest first", () => {
    const store = useSelectedRuns();
    for (const run of [3, 1, 4, 3]) store.toggle(run);
    expect(numbers(store.selected)).toEqual([1, 4]);
  });

  it("are selected and deselected together, while others stay selected", () => {
    const store = useSelectedRuns();
    store.set([1]);
    store.toggle(2);
    store.toggleAll([2, 3]);
    expect(numbers(store.selected)).toEqual([1, 2, 3]);
    store.toggleAll([2, 3]);
    expect(numbers(store.selected)).toEqual([1]);
  });

  it("are not listed while they don't exist, and are selected again when restored", () => {
    const [store, runs] = [useSelectedRuns(), useRuns()];
    store.set([2, 3]);
    runs.items = listed(4, 3, 1);
    expect(numbers(store.selected)).toEqual([3]);
    runs.items = listed(4, 3, 2, 1);
    expect(numbers(store.selected)).toEqual([2, 3]);
  });
});
