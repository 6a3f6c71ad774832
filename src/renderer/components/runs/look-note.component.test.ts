import { expect, it } from "vitest";
import type { TestLook } from "../../../contract/domain/test-looks.ts";
import { mountComponent } from "../../testing/mount-component.ts";
import { shell } from "../../testing/shell.ts";
import LookNote from "./look-note.vue";

const look: TestLook = {
  run: 3,
  isDeleted: true,
  experiment: null,
  at: "2026-01-01T10:00:00.000Z",
  network: "ANN",
  preparation: 1,
  changes: [],
  accuracy: 0.9,
  macroF1: 0.5,
};

it("says how often the test set was evaluated, and lists the evaluations on request", async () => {
  const changes = [{ name: "training.batch", value: "32" }];
  shell.answer({ "runs.looks": () => [look, { ...look, run: 4, isDeleted: false, changes }] });
  const { wrapper } = await mountComponent(LookNote, {
    props: { run: 4, looks: { looks: 2, position: 2, sameRecordings: 0 } },
  });
  expect(wrapper.text()).toContain("This test set has been evaluated 2 times in this workspace.");
  expect(wrapper.find("table").exists()).toBe(false);
  await wrapper.get("button").trigger("click");
  await wrapper.vm.$nextTick();
  await expect.poll(() => wrapper.findAll("tbody tr").length).toBe(2);
  const rows = wrapper.findAll("tbody tr").map((row) => row.text());
  expect(rows[0]).toContain("Run 3 (deleted)");
  expect(rows[1]).toContain("Batch size (beats): 32");
});
