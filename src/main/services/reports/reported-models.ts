/** What the tests of the runs that classified a recording have shown. */
import { originText } from "../../../contract/api/model-origin.ts";
import type { DatasetRecord } from "../../../contract/domain/dataset-records.ts";
import { preparedFrom } from "../../../contract/domain/leads.ts";
import { isByPatient } from "../../../contract/domain/preparation.ts";
import type { ReportedModel } from "../../../contract/domain/reported-recording.ts";
import { preparationFacts } from "../../../contract/settings/setting-facts.ts";
import { preparationSettingTable } from "../../../contract/settings/setting-table.ts";
import { lookText } from "../../../contract/text/look-text.ts";
import type { Workspace } from "../../store/workspace.ts";
import { finishedRun, type FinishedRun, type ResultService } from "../runs/results.ts";
import { protocolSentence } from "./protocol-sentence.ts";
import { runName } from "./run-name.ts";

export class ReportedModels {
  readonly #workspace: Workspace;
  readonly #results: ResultService;

  constructor(workspace: Workspace, results: ResultService) {
    this.#workspace = workspace;
    this.#results = results;
  }

  /** @param record the recording that the runs have classified */
  of(runs: readonly number[], record: DatasetRecord): ReportedModel[] {
    return runs.map((run) => {
      if (!this.#workspace.runs.has(run)) return { run, title: `Run ${run}`, test: null };
      const details = finishedRun(this.#results.run(run), "Wait until its training has ended.");
      return { run, title: runName(details), test: this.#test(details, record) };
    });
  }

  #test(details: FinishedRun, record: DatasetRecord): ReportedModel["test"] {
    const { preparation, looks, run, result } = details;
    const { settings, summary } = preparation;
    const records = this.#workspace.datasets.records(preparation.datasetId);
    const { test } = result;
    return {
      protocol: protocolSentence(settings, summary.patientsKnown),
      interPatient: summary.patientsKnown === true && isByPatient(settings.protocol),
      trainedOnRecording: this.#trainedOn(details, records, record),
      beats: test.perClass.reduce((sum, { support }) => sum + support, 0),
      accuracy: test.accuracy,
      macroF1: test.macroF1,
      perClass: test.perClass.map(({ label, support, sensitivity, ppv }) => {
        return { label, beats: support, sensitivity, ppv };
      }),
      limitations: [...summary.caveats, ...originText(run.settings), ...(looks === null ? [] : [lookText(looks)])],
      input: preparationFacts(settings, preparedFrom(preparation, records))
        .filter(({ label }) => INPUT_LABELS.has(label))
        .map(({ label, value }) => `${label}: ${value}`)
        .join("; "),
    };
  }

  /** The recording is known by its samples: it may be in the run's dataset under another name. */
  #trainedOn({ preparation }: FinishedRun, records: readonly DatasetRecord[], record: DatasetRecord): boolean {
    const sets = preparation.summary.recordsBySet;
    if (sets === undefined) return false;
    const trained = new Set([...sets.train, ...sets.validation]);
    const hashes = new Set(record.hashes.filter((hash) => hash !== null));
    return records.some(
      (each) => trained.has(each.name) && each.hashes.some((hash) => hash !== null && hashes.has(hash)),
    );
  }
}

const INPUT_LABELS = new Set(
  (["leads", "rate", "denoising", "normalisation", "recipe"] as const).map((key) => preparationSettingTable[key].label),
);
