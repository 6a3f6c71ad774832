/** Ensembles: several runs as one stored model. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { addFinishedRun, addPreparation, tinyNetwork } from "../../../../tests/support/finished-runs.ts";
import { networkTitle } from "../../../contract/settings/network-presets.ts";
import { fitTemperature } from "../../../pipeline/evaluation/calibration.ts";
import { ensembleProbabilities } from "../../../pipeline/evaluation/ensemble.ts";
import { evaluate } from "../../../pipeline/evaluation/evaluate.ts";
import { modelCard } from "../exports/model-card.ts";
import { storedModels } from "./stored-model.ts";
import { openServices, type Services } from "../compose.ts";

let folder: string;
let services: Services;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-ensembles-"));
  services = openServices(folder, { mode: "write", warn: () => {} });
  addPreparation(services.workspace);
});
afterEach(async () => {
  await services.close();
  rmSync(folder, { recursive: true, force: true });
});

async function addSeeds(...seeds: number[]): Promise<number[]> {
  const ids: number[] = [];
  for (const seed of seeds) ids.push(await addFinishedRun(services.workspace, { seed }));
  return ids;
}

it("stores the mean of the probabilities as a run, with its metrics and its temperature", async () => {
  const ids = await addSeeds(1, 2, 3);
  const { run, alreadyThere } = await services.ensembles.make(ids, "Three seeds");
  expect([run, alreadyThere]).toEqual([4, false]);
  const details = services.results.run(run);
  const of = (set: "test" | "validation") => {
    const members = ids.map((id) => services.testBeats.predictions(services.results.run(id), set));
    return { mean: ensembleProbabilities(members.map(({ probabilities }) => probabilities)), truth: members[0].truth };
  };
  const [tested, validated] = [of("test"), of("validation")];
  const { labels } = details.preparation.summary;
  expect(services.testBeats.predictions(details).probabilities).toEqual(tested.mean);
  expect(details.run).toMatchObject({
    status: "completed",
    settings: { members: ids.map((id) => ({ run: id, seed: id })) },
  });
  expect(details.run.result!.test).toEqual(evaluate(tested.mean, tested.truth, labels));
  expect(details.run.result!.validation).toEqual(evaluate(validated.mean, validated.truth, labels));
  expect(details.run.result!.temperature).toBe(fitTemperature(validated.mean, labels.length, validated.truth));
  expect(details.run.result!.parameters.trainable).toBe(3 * 79);
  expect([details.remarks.name, networkTitle(details.run.settings)]).toEqual(["Three seeds", "Ensemble of 3: Tiny"]);
  // The evaluation is a look at the test set, after those of the runs.
  expect(details.looks).toMatchObject({ looks: 4, position: 4 });
  expect(services.runs.list()[0]).toMatchObject({
    id: 4,
    name: "Three seeds",
    test: { accuracy: details.run.result!.test.accuracy },
  });
  expect(readdirSync(services.workspace.path("runs", run))).toContain("weights.bin");
});

it("describes an ensemble in the table of settings and in its model card", async () => {
  const { run } = await services.ensembles.make(await addSeeds(1, 2));
  const { differing } = services.comparison.compare([1, run]);
  expect(differing.find(({ name }) => name === "training.members")?.values).toEqual([null, "runs 1, 2 (seeds 1, 2)"]);
  const card = modelCard(services.results.run(run), services.workspace.datasets.records(1));
  expect(card).toMatchObject({
    network: "Ensemble of 2: Tiny",
    members: [
      { run: 1, network: "Tiny", seed: 1 },
      { run: 2, network: "Tiny", seed: 2 },
    ],
    run: { seed: null, bestEpoch: null },
  });
  expect(card.caveats.join(" ")).toContain("3");
});

it("returns the stored ensemble of the same runs instead of looking at the test set again", async () => {
  const ids = await addSeeds(1, 2);
  const { run } = await services.ensembles.make(ids);
  expect(await services.ensembles.make(ids, "Again")).toEqual({ run, alreadyThere: true });
  expect(services.results.run(run).looks).toMatchObject({ looks: 3 });
});

it("keeps an ensemble whose runs are removed, and says which are", async () => {
  const ids = await addSeeds(1, 2, 3);
  const { run } = await services.ensembles.make(ids);
  const before = storedModels(services.workspace, services.results.run(run));
  services.removal.remove("runs", 1);
  services.removal.remove("runs", 2);
  await services.workspace.emptyBin(new Date(Date.now() + 1000));
  services.removal.remove("runs", 3);
  const { members, singles } = services.ensembles.members(run)!;
  expect(members.map(({ state }) => state)).toEqual(["deleted", "deleted", "in-bin"]);
  expect(members[0]).toMatchObject({ network: "Tiny", seed: 1, test: null });
  expect(singles.accuracy.n).toBe(1);
  expect(storedModels(services.workspace, services.results.run(run))).toEqual(before);
  expect(before.map(({ spec }) => spec)).toEqual([tinyNetwork, tinyNetwork, tinyNetwork]);
});

it("says that a run is no ensemble", async () => {
  const [id] = await addSeeds(1);
  expect(services.ensembles.members(id)).toBeNull();
});

it("refuses runs that can't be one model", async () => {
  const { workspace, ensembles } = services;
  const [one, two] = await addSeeds(1, 2);
  await expect(ensembles.make([one])).rejects.toThrow("An ensemble needs two runs at least.");
  const { run } = await ensembles.make([one, two]);
  await expect(ensembles.make([one, run])).rejects.toThrow(`Run ${run} is an ensemble: choose its runs instead.`);
  const network = { name: "Sequence", layers: [{ id: "flatten", kind: "flatten" as const }] };
  const other = await addFinishedRun(workspace, { network });
  await expect(ensembles.make([one, other])).rejects.toThrow(
    `The networks of runs ${one} (Tiny) and ${other} (Sequence) have different inputs.`,
  );
  const first = workspace.preparations.find(1)!;
  const staged = workspace.stage("preparations");
  workspace.keep("preparations", staged, () =>
    workspace.preparations.add({
      ...first,
      settings: { ...first.settings, denoising: "none" },
      fingerprint: "e".repeat(64),
    }),
  );
  const elsewhere = await addFinishedRun(workspace, { preparation: 2 });
  await expect(ensembles.make([one, elsewhere])).rejects.toThrow(
    `Runs ${one} and ${elsewhere} are of different preparations.`,
  );
  const { settings } = workspace.runs.find(run)!;
  expect(() => services.training.add(1, settings)).toThrow("An ensemble is not trained.");
});
