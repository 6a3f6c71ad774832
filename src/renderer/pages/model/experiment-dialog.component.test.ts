import { DOMWrapper, flushPromises } from "@vue/test-utils";
import { expect, it } from "vitest";
import type { JobSnapshot } from "../../../contract/domain/jobs.ts";
import type { StepSpeed } from "../../../contract/domain/step-speed.ts";
import { defaultPreparation, defaultTraining } from "../../../contract/settings/defaults.ts";
import { mountComponent } from "../../testing/mount-component.ts";
import { shell } from "../../testing/shell.ts";
import ExperimentDialog from "./experiment-dialog.vue";

const settings = { ...defaultTraining("ann"), epochs: 10 };
const speed: StepSpeed = {
  milliseconds: 2,
  predictionMilliseconds: 0,
  fixedSeconds: 3,
  source: "benchmark",
  device: "A processor",
  measuredAt: "2026-03-02T09:15:00.000Z",
};
const preparation = {
  ...{ id: 1, seconds: 2, settings: defaultPreparation("intra-patient") },
  summary: { totals: { train: 6400, validation: 0, test: 0 } },
};
const job = (id: number, state: JobSnapshot["state"]): JobSnapshot => ({
  id,
  kind: "measure",
  title: "Benchmark",
  state,
  progress: null,
  startedAt: speed.measuredAt,
  finishedAt: null,
  cancellable: true,
  cancelling: false,
  subject: null,
  error: null,
});
const body = new DOMWrapper(document.body);
const text = (): string => body.find("[role=dialog]").text().replaceAll(/\s+/g, " ");

it("estimates each network of a plan by its speed, and measures those without one", async () => {
  const known = new Map<unknown, StepSpeed>([["ann", speed]]);
  let jobs = 0;
  shell.answer({
    "experiments.plan": () =>
      (["ann", "cnn", "lstm"] as const).map((network) => ({ label: network, settings: { ...settings, network } })),
    "networks.speeds": ({ questions }) => questions.map(({ network }) => known.get(network) ?? null),
    "networks.measure": ({ network }) => {
      known.set(network, { ...speed, milliseconds: 4 });
      const started = job(++jobs, "running");
      setTimeout(() => shell.send({ event: "job.changed", data: job(started.id, "done") }));
      return { job: started };
    },
  });
  await mountComponent(ExperimentDialog, {
    props: {
      shown: true,
      preparation: preparation,
      settings,
      shape: { windowLength: 360, classes: 14 },
    },
  });
  await expect.poll(text).toContain("3 runs. About 5.0 s for 1 of them, without early stopping;");
  expect(text()).toContain("2 combinations of network and compute settings have no benchmark.");
  await body
    .findAll("button")
    .find((each) => each.text() === "Run benchmark")!
    .trigger("click");
  await flushPromises();
  // 3 s of start and end, and 10 epochs of 100 steps of 2 or 4 ms.
  await expect.poll(text).toContain("3 runs, about 19 s in total without early stopping.");
  expect(shell.calls.filter(({ name }) => name === "networks.measure")).toHaveLength(2);
});
