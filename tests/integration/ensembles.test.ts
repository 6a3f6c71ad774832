/** Ensembles on the command line: made, shown, classified and explained like other runs. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { EnsembleMembers } from "../../src/contract/domain/ensembles.ts";
import type { RunDetails } from "../../src/contract/domain/runs.ts";
import { createServices } from "../../src/main/services/compose.ts";
import { openWorkspace } from "../../src/main/store/workspace.ts";
import { withTemperature } from "../../src/pipeline/evaluation/calibration.ts";
import { askEctopy, expectRefusal, runEctopy, temporaryFolder } from "../support/command-line.ts";
import { makeMeasuredWorkspace, SAMPLE } from "../support/shared-workspaces.ts";

const folder = temporaryFolder();
const workspace = join(folder.path, "workspace");
const options = { workspace };
let made: RunDetails & { members: EnsembleMembers };

beforeAll(async () => {
  await makeMeasuredWorkspace(workspace, [SAMPLE, ["prepare", "1"]]);
  for (const seed of ["1", "2"]) {
    const training = ["--model", "ann", "--epochs", "1", "--steps-per-epoch", "60", "--threads", "1", "--seed", seed];
    await askEctopy(["train", "1", ...training], options);
  }
  made = await askEctopy(["ensemble", "1", "2", "--name", "Two seeds"], options);
}, 300_000);
afterAll(folder.remove);

it("makes a run of two runs, beside which it is shown", async () => {
  expect(made).toMatchObject({
    run: { id: 3, status: "completed" },
    looks: { looks: 3 },
    remarks: { name: "Two seeds" },
  });
  expect(made.members.members.map(({ run, seed }) => [run, seed])).toEqual([
    [1, 1],
    [2, 2],
  ]);
  const { stdout } = await runEctopy(["show", "3"], options);
  expect(stdout).toContain("Ensemble of 2: ANN");
  expect(stdout).toContain("Mean of the probabilities of runs 1, 2 (seeds 1, 2).");
  expect(stdout).toMatch(/Mean ± SD.*\n.*Ensemble/);
  const again = await runEctopy(["ensemble", "1", "2"], options);
  expect(again.stderr).toContain("Run 3 is this ensemble already: nothing was evaluated again.");
});

it("classifies by the calibrated mean of the probabilities", async () => {
  await askEctopy(["classify", "3", "1"], options);
  const store = openWorkspace(workspace, "read", () => {});
  const { results, testBeats } = createServices(store, () => {});
  const details = results.run(3);
  const { probabilities, classes, predicted } = testBeats.predictions(details);
  const calibrated = withTemperature(probabilities, classes, details.run.result!.temperature!);
  const set = store.annotationSets.find(1, "run3")!;
  const { beats } = testBeats.find(details, { truth: null, predicted: null, order: "record", from: 0, count: 1e6 });
  let compared = 0;
  for (const { number, record, sample, towards } of beats) {
    const stored = store.annotationSets.annotations(set.id, record)!.find((each) => each.sample === sample);
    // Synthetic beats are in no recording.
    if (towards !== null || stored?.probability === undefined) continue;
    compared++;
    expect(Math.abs(stored.probability - calibrated[number * classes + predicted[number]])).toBeLessThan(1e-5);
  }
  expect(compared).toBeGreaterThan(100);
  store.close();
});

it("explains a beat by its networks together", async () => {
  interface Explained {
    explanation: { logOdds: { beat: number }; label: string };
  }
  const of = (run: string) => askEctopy<Explained>(["show", run, "--explain", "1", "--class", "N"], options);
  const [one, two, both] = await Promise.all(["1", "2", "3"].map(of));
  const mean = (one.explanation.logOdds.beat + two.explanation.logOdds.beat) / 2;
  expect(both.explanation.logOdds.beat).toBeCloseTo(mean, 5);
});

it("points from the runs of a classification to the ensemble", async () => {
  const { status, stderr } = await runEctopy(["classify", "1,2", "1"], options);
  expect(status).toBe(2);
  expect(stderr).toContain("Make an ensemble of several first: ectopy ensemble 1 2.");
  expectRefusal(await runEctopy(["ensemble", "1"], options), 5, /An ensemble needs two runs at least/);
});
