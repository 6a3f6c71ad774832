import { flushPromises } from "@vue/test-utils";
import { expect, it } from "vitest";
import { z } from "zod";
import { speedQuestionSchema, type StepSpeed } from "../../../contract/domain/step-speed.ts";
import { defaultTraining } from "../../../contract/settings/defaults.ts";
import { mountComponent } from "../../testing/mount-component.ts";
import { shell } from "../../testing/shell.ts";
import TimeEstimate from "./time-estimate.vue";

const speed: StepSpeed = {
  milliseconds: 2,
  predictionMilliseconds: 0.1,
  fixedSeconds: 3,
  source: "benchmark",
  device: "A processor",
  measuredAt: "2026-03-02T09:15:00.000Z",
};
const training = { ...defaultTraining("ann"), epochs: 10 };
const question = z.object(speedQuestionSchema.shape).parse({ ...training, windowLength: 360, classes: 14 });
// 100 steps of 2 ms and 0.8 s of validation in an epoch; 10 epochs, 3 s of start and end, 1 s of test.
const beats = { train: 6400, validation: 8000, test: 10_000 };

async function textFor(answer: StepSpeed | null, repeats = 1): Promise<string> {
  shell.answer({ "networks.speed": () => answer });
  const { wrapper } = await mountComponent(TimeEstimate, {
    props: { question, training, beats, repeats, valid: true },
  });
  await flushPromises();
  return wrapper.text().replaceAll(/\s+/g, " ");
}

it("includes validation, test, start and end in the time of a run", async () => {
  const text = await textFor(speed);
  expect(text).toContain("1.0 s per epoch (100 steps and the validation), 14 s in total.");
  expect(text).toContain("Benchmark: 2.0 ms per step at batch size 64 (A processor");
  expect(text).toContain("Included: 3.0 s for the start and the end of a run.");
});

it("counts each of several runs, and names the last run as the source of its durations", async () => {
  const text = await textFor({ ...speed, source: "run" }, 3);
  expect(text).toContain("42 s in total");
  expect(text).toContain("Last run: 2.0 ms per step");
});

it("offers the benchmark where nothing is measured", async () => {
  expect(await textFor(null)).toContain("No benchmark yet for these layers and this batch size.");
});
