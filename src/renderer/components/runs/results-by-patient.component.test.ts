import { expect, it } from "vitest";
import { resultsByPatient } from "../../../pipeline/evaluation/by-patient.ts";
import { mountComponent } from "../../testing/mount-component.ts";
import { shell } from "../../testing/shell.ts";
import ResultsByPatient from "./results-by-patient.vue";

const mount = () => mountComponent(ResultsByPatient, { props: { runs: [3], dataset: 2 } });
const of = (records: string[]) =>
  resultsByPatient({
    labels: ["N", "V"],
    records,
    patients: records.map((_, i) => i),
    truth: records.flatMap(() => [0, 1]),
    predicted: records.flatMap((_, i) => [0, i === 0 ? 0 : 1]),
    record: records.flatMap((_, i) => [i, i]),
  });

it("lists the recording with the most errors first, with a link to it, and the intervals over patients", async () => {
  shell.answer({ "runs.byPatient": () => of(["207", "100", "101", "103", "105"]) });
  const { wrapper } = await mount();
  const rows = wrapper.findAll("table")[0].findAll("tbody tr");
  expect(rows.map((row) => row.text())).toEqual([
    expect.stringMatching(/^207\s*2\s*1\s*50\.00 %\s*100\.00 %\s*0\.00 %$/),
    ...["100", "101", "103", "105"].map(
      (record) => expect.stringMatching(new RegExp(`^${record}\\s*2\\s*0\\s*100\\.00 %`)) as string,
    ),
  ]);
  expect(rows[0].get("a").attributes("href")).toBe("/recordings/2/207");
  expect(wrapper.text()).toContain("bootstrap over 5 patients, 2,000 resamples");
});

it("shows few recordings, and all on request", async () => {
  shell.answer({ "runs.byPatient": () => of(Array.from({ length: 20 }, (_, i) => String(100 + i))) });
  const { wrapper } = await mount();
  const count = (): number => wrapper.findAll("table")[0].findAll("tbody tr").length;
  expect(count()).toBe(12);
  await wrapper.get(".more").trigger("click");
  expect(count()).toBe(20);
});

it("says why there are no results by recording, and no interval over few patients", async () => {
  shell.answer({ "runs.byPatient": () => null });
  expect((await mount()).wrapper.text()).toContain("The test set has synthetic beats.");
  shell.answer({ "runs.byPatient": () => of(["100"]) });
  expect((await mount()).wrapper.text()).toContain("The test set has fewer than five patients");
});

it("shows a class without the recording that has most of its beats, and the classes that are too rare", async () => {
  shell.answer({
    "runs.byPatient": () =>
      resultsByPatient({
        labels: ["N", "V"],
        records: ["100", "232"],
        patients: [0, 1],
        truth: [0, 1, 1, 1],
        predicted: [0, 1, 1, 1],
        record: [0, 0, 1, 1],
      }),
  });
  const { wrapper } = await mount();
  expect(wrapper.get(".remarks").text()).toContain(
    "V without 232, which has 2 of its 3 beats: sensitivity 100.00 %, PPV 100.00 %, F1 100.00 %.",
  );
  expect(wrapper.get(".remarks").text()).toContain("Too rare in the test set to be judged");
});

it("asks for all folds of a cross-validation", async () => {
  const calls: unknown[] = [];
  shell.answer({
    "runs.pooledByPatient": (input) => {
      calls.push(input);
      return of(["100"]);
    },
  });
  const { wrapper } = await mountComponent(ResultsByPatient, { props: { runs: [3, 4], dataset: null } });
  expect(calls).toEqual([{ runs: [3, 4] }]);
  expect(wrapper.find("tbody a").exists()).toBe(false);
});
