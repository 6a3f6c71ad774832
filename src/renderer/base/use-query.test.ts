import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { effectScope, nextTick, ref, type EffectScope, type Ref } from "vue";
import { EctopyError } from "../../contract/domain/errors.ts";
import { useQuery, type Query, type QueryOptions } from "./use-query.ts";

const connected = vi.hoisted(() => ({}) as { value: boolean });
vi.mock("../api/client.ts", async () => {
  const { ref: makeRef } = await import("vue");
  const state = makeRef(true);
  Object.defineProperty(connected, "value", { get: () => state.value, set: (is: boolean) => (state.value = is) });
  return { useConnection: () => ({ connected: state }) };
});

const settle = async (): Promise<void> => {
  await nextTick();
  await Promise.resolve();
  await nextTick();
};

let scope: EffectScope;
beforeEach(() => {
  scope = effectScope();
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
  connected.value = true;
});

/** A query whose requests the test answers by hand, in any order. */
function query(input: Ref<number | null>, options: QueryOptions<number> = {}) {
  const requests: ({ input: number } & PromiseWithResolvers<string>)[] = [];
  const load = (of: number): Promise<string> => {
    const request = { input: of, ...Promise.withResolvers<string>() };
    requests.push(request);
    return request.promise;
  };
  const result: Query<string> = scope.run(() => useQuery(() => input.value, load, options))!;
  return { ...result, requests, inputs: () => requests.map((each) => each.input) };
}

describe("useQuery", () => {
  it("loads at once, and gives the answer", async () => {
    const { data, loading, requests } = query(ref(1));
    expect(loading.value).toBe(true);
    requests[0].resolve("one");
    await settle();
    expect([data.value, loading.value]).toEqual(["one", false]);
  });

  it("ignores an older answer that arrives after the latest", async () => {
    const input = ref(1);
    const { data, requests } = query(input);
    input.value = 2;
    await settle();
    requests[1].resolve("two");
    await settle();
    requests[0].resolve("one");
    await settle();
    expect(data.value).toBe("two");
  });

  it("stays loading when an older answer arrives before the latest", async () => {
    const input = ref(1);
    const { data, loading, requests } = query(input);
    input.value = 2;
    await settle();
    requests[0].resolve("one");
    await settle();
    expect([data.value, loading.value]).toEqual([null, true]);
  });

  it("ignores the error of an older request", async () => {
    const input = ref(1);
    const { data, error, requests } = query(input);
    input.value = 2;
    await settle();
    requests[1].resolve("two");
    requests[0].reject(new EctopyError("not-found", "Gone.", ""));
    await settle();
    expect([data.value, error.value]).toEqual(["two", null]);
  });

  it("reports an error, and clears it after a successful reload", async () => {
    const { data, error, loading, reload, requests } = query(ref(1));
    requests[0].reject(new EctopyError("not-found", "Gone.", "Import it again."));
    await settle();
    expect(error.value).toMatchObject({ code: "not-found", message: "Gone.", fix: "Import it again." });
    expect(loading.value).toBe(false);
    const reloaded = reload();
    requests[1].resolve("one");
    await reloaded;
    expect([data.value, error.value]).toEqual(["one", null]);
  });

  it("drops the data of the previous input unless an option keeps it", async () => {
    const [dropped, kept] = [ref(1), ref(1)];
    const [one, other] = [query(dropped), query(kept, { keepData: () => true })];
    one.requests[0].resolve("one");
    other.requests[0].resolve("one");
    await settle();
    [dropped.value, kept.value] = [2, 2];
    await settle();
    expect([one.data.value, other.data.value]).toEqual([null, "one"]);
  });

  it("requests nothing without an input, and drops the data", async () => {
    const input = ref<number | null>(1);
    const { data, loading, requests } = query(input, { keepData: () => true });
    requests[0].resolve("one");
    await settle();
    input.value = null;
    await settle();
    expect([data.value, loading.value, requests.length]).toEqual([null, false, 1]);
  });

  it("waits for the end of quick changes, except for the first request", async () => {
    vi.useFakeTimers();
    const input = ref(1);
    const { inputs } = query(input, { keepData: () => true, debounceMs: 250 });
    expect(inputs()).toEqual([1]);
    for (const next of [2, 3]) {
      input.value = next;
      await vi.advanceTimersByTimeAsync(249);
    }
    expect(inputs()).toEqual([1]);
    await vi.advanceTimersByTimeAsync(1);
    expect(inputs()).toEqual([1, 3]);
  });

  it("ignores answers and starts no delayed request after its scope has ended", async () => {
    vi.useFakeTimers();
    const input = ref(1);
    const { data, requests } = query(input, { keepData: () => true, debounceMs: 250 });
    input.value = 2;
    await nextTick();
    scope.stop();
    requests[0].resolve("one");
    await vi.advanceTimersByTimeAsync(1000);
    expect([data.value, requests.length]).toEqual([null, 1]);
  });

  it("requests again at each change it subscribes to, and unsubscribes with its scope", () => {
    let changed = (): void => {};
    const unsubscribe = vi.fn();
    const { inputs } = query(ref(1), {
      refreshOn: (then) => {
        changed = then;
        return unsubscribe;
      },
    });
    changed();
    expect(inputs()).toEqual([1, 1]);
    scope.stop();
    expect(unsubscribe).toHaveBeenCalledOnce();
  });

  it("waits while the connection is lost, and requests again when it is back", async () => {
    const { data, error, loading, requests } = query(ref(1));
    requests[0].reject(new EctopyError("not-connected", "Lost.", ""));
    await settle();
    expect([error.value, loading.value]).toEqual([null, true]);
    connected.value = false;
    await settle();
    connected.value = true;
    await settle();
    requests[1].resolve("one");
    await settle();
    expect([data.value, loading.value]).toEqual(["one", false]);
  });

  it("treats inputs with the same JSON as the same input", async () => {
    const input = ref({ window: [180, 180] });
    const load = vi.fn(() => Promise.resolve("one"));
    scope.run(() => useQuery(() => ({ ...input.value }), load));
    input.value = { window: [180, 180] };
    await settle();
    expect(load).toHaveBeenCalledOnce();
  });
});
