import { flushPromises } from "@vue/test-utils";
import { expect, it, vi } from "vitest";
import { defineComponent, shallowRef } from "vue";
import { DEFAULT_PROTOCOL, defaultPreparation } from "../../../../contract/settings/defaults.ts";
import { client } from "../../../api/client.ts";
import { mountComponent } from "../../../testing/mount-component.ts";
import { useRecord } from "./use-record.ts";
import type { ChosenSets } from "./use-sets.ts";

it("reads the overview once, and before the annotation sets are known", async () => {
  const call = vi.spyOn(client, "call").mockImplementation(() => new Promise(() => undefined));
  const asked = (): string[] =>
    call.mock.calls.map(([method]) => method).filter((name) => name.startsWith("recordings."));
  const sets = shallowRef<ChosenSets | null>(null);
  const { wavelet, levels, threshold } = defaultPreparation(DEFAULT_PROTOCOL);
  const viewer = defineComponent({
    setup() {
      useRecord(
        () => ({ dataset: 1, record: "100" }),
        () => sets.value,
        { denoising: { wavelet, levels, threshold }, changed: () => undefined },
      );
      return () => null;
    },
  });
  await mountComponent(viewer);
  expect(asked()).toEqual(["recordings.envelope"]);
  sets.value = { set: undefined, other: undefined };
  await flushPromises();
  expect(asked()).toEqual(["recordings.envelope", "recordings.annotations", "recordings.rhythm"]);
  call.mockRestore();
});
