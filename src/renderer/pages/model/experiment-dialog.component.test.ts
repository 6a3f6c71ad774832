import { DOMWrapper, flushPromises } from "@vue/test-utils";
import { expect, it } from "vitest";
import type { JobSnapshot } from "../../../contract/domain/jobs.ts";
import type { StepSpeed } from "../../../contract/domain/step-speed.ts";
import { defaultPreparation, defaultTraining } from "../../../contract/settings/defaults.ts";
import { settingsSchema } from "../../../contract/settings/app-settings.ts";
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

it("says what is sent to another machine before it is sent", async () => {
  const executor = {
    name: "cluster1",
    kind: "slurm" as const,
    folder: "/shared",
    folderThere: "",
    threads: 1,
    command: "ectopy",
    host: "",
    options: [],
    workers: 0,
  };
  shell.answer({
    "settings.get": () => settingsSchema.parse({ executors: [executor] }),
    "experiments.plan": () => [1, 2].map((seed) => ({ label: `seed ${seed}`, settings: { ...settings, seed } })),
    "networks.speeds": ({ questions }) => questions.map(() => speed),
    "cluster.sending": () => ({ bytes: 41_000_000, recordings: 22 }),
    "experiments.start": () => ({ job: job(9, "running") }),
  });
  await mountComponent(ExperimentDialog, {
    props: { shown: true, preparation, settings, shape: { windowLength: 360, classes: 14 } },
  });
  const button = (): DOMWrapper<Element> => body.find("button[type=submit]");
  await expect.poll(() => button().text()).toBe("Start 2 runs");
  expect(text()).not.toContain("Sent to");
  const choice = body.findAll("select").find((each) => each.text().includes("This machine"))!;
  await choice.setValue("cluster1");
  await choice.trigger("change");
  await expect.poll(() => button().text()).toBe("Send 2 runs");
  await expect.poll(text).toContain("the beats of 22 recordings (41 MB for each preparation)");
  expect(text()).toContain("Recordings, header notes and patient labels are not copied.");
  expect(shell.calls.filter(({ name }) => name === "experiments.start")).toHaveLength(0);
  await body.find("form").trigger("submit");
  await flushPromises();
  expect(shell.calls.find(({ name }) => name === "experiments.start")?.args).toMatchObject({ executor: "cluster1" });
});
