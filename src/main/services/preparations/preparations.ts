/** Prepares a dataset's beats and stores them: beats, settings and split as files, counts in the database. */
import { contentsOf, type RecordToPrepare } from "../../../contract/domain/dataset-records.ts";
import { leadKey, resolvePreparation, suitableLeads } from "../../../contract/domain/leads.ts";
import { SAMPLE, type Dataset } from "../../../contract/domain/datasets.ts";
import { damageOf, EctopyError } from "../../../contract/domain/errors.ts";
import type { GivenLabels, LabelsSince } from "../../../contract/domain/label-choice.ts";
import type { ReportProgress } from "../../../contract/domain/jobs.ts";
import {
  preparationSettingsSchema,
  type Preparation,
  type PreparationSettings,
  type PreparationSummary,
  type PreparationResult,
} from "../../../contract/domain/preparation.ts";
import { sharedRecordings } from "../../../pipeline/recordings/identity/shared-recordings.ts";
import { ensureExamined } from "../../workers/examine-again.ts";
import type { PreparationInput, PreparationOutcome } from "../../workers/preparation-messages.ts";
import { PATIENT_CAVEAT, type PatientBase } from "../../workers/prepare-patient.ts";
import { Previewer } from "../../workers/previewer.ts";
import { startPreparationThread } from "../../workers/start-preparation-thread.ts";
import type { Workspace } from "../../store/workspace.ts";
import { preparationProblem, protocolName } from "../../../contract/settings/setting-table.ts";
import { checkSettings } from "../../base/check-settings.ts";
import { notFound } from "../../base/not-found.ts";
import { timestamp } from "../../base/timestamp.ts";
import { labelCaveats, labelsOfSources, labelsSince, resolveLabels } from "./label-sources.ts";
import type { BinService } from "../workspace/bin.ts";
import type { Verifier } from "../workspace/verifier.ts";

/** A dataset as it was before later versions added recordings. */
interface DatasetVersion {
  dataset: Dataset;
  version: number;
}

/** Recordings that a preparation is made of. */
type PreparationSource = Pick<PreparationInput, "folder" | "records" | "test" | "base">;

export class PreparationService {
  readonly #workspace: Workspace;
  readonly #bin: BinService;
  readonly #verifier: Verifier;
  readonly #previewer = new Previewer();
  /** Called with each failed run whose damaged preparation was prepared again. */
  onRunChanged: (run: number) => void = () => {};

  constructor(workspace: Workspace, bin: BinService, verifier: Verifier) {
    this.#workspace = workspace;
    this.#bin = bin;
    this.#verifier = verifier;
  }

  /**
   * Prepares a dataset's beats and stores them. An earlier preparation with the same settings is returned unchanged;
   * missing or damaged files of it are made again.
   * @throws EctopyError `not-found`, `invalid-settings`, `nothing-usable`, `disk-full`, `no-access`; CancelledError
   */
  async prepare(
    datasetId: number,
    given: PreparationSettings,
    watch: { progress: ReportProgress; signal: AbortSignal },
  ): Promise<PreparationResult> {
    const checked = checkSettings(preparationSettingsSchema, given, "prepare", preparationProblem);
    const dataset = this.#dataset(datasetId);
    if (checked.testDataset !== undefined) this.#testDataset(datasetId, checked.testDataset.id);
    for (const id of [datasetId, checked.testDataset?.id ?? datasetId])
      await ensureExamined(this.#workspace, id, watch);
    const version = this.#workspace.datasets.version(datasetId);
    // Stored settings name leads and rate, so that a preparation never depends on what later versions choose.
    const settings = this.resolve(datasetId, checked);
    const versions = this.#workspace.datasets.sameVersions(datasetId, version);
    const before = this.#workspace.preparations.findBySettings({ id: datasetId, versions }, settings);
    if (before && (await this.#isSound(before.id, watch.signal))) {
      this.#workspace.removed.restore("preparations", before.id);
      return { preparation: before, alreadyThere: true };
    }
    return this.#bin.withRoom(() => this.#prepare({ dataset, version }, settings, before, watch));
  }

  /**
   * Prepares the beats of a preparation again where its files are missing or damaged. Number and settings are
   * unchanged.
   * @throws EctopyError `not-found`; else as {@link prepare}
   */
  async repair(id: number, watch: { progress: ReportProgress; signal: AbortSignal }): Promise<void> {
    const preparation = this.#workspace.preparations.find(id);
    if (!preparation) {
      throw notFound("preparation", id);
    }
    if (await this.#isSound(id, watch.signal)) return;
    const { datasetId, settings } = preparation;
    const dataset = this.#dataset(datasetId);
    // Recordings that were added to the dataset since then are not part of it.
    const version = this.#workspace.preparations.datasetVersion(id);
    await this.#bin.withRoom(() => this.#prepare({ dataset, version }, settings, preparation, watch));
  }

  async #prepare(
    { dataset, version }: DatasetVersion,
    settings: PreparationSettings,
    before: Preparation | undefined,
    watch: { progress: ReportProgress; signal: AbortSignal },
  ): Promise<PreparationResult> {
    const { preparations, runs } = this.#workspace;
    const staged = this.#workspace.stage("preparations");
    try {
      const outcome = await this.#run({ dataset, version }, settings, staged.path, watch);
      const { fingerprint, seconds, files } = outcome.stored;
      let repairedRuns: number[] = [];
      const addRow = (): number => {
        if (before === undefined) {
          const summary = this.#withOrigin(outcome.summary, dataset);
          const createdAt = timestamp();
          const row = { name: "", datasetId: dataset.id, settings, summary, fingerprint, seconds, createdAt };
          return preparations.add(row, version);
        }
        // The same beats, unless an earlier version computed them differently: its runs then can't be resumed.
        preparations.setFingerprint(before.id, fingerprint);
        repairedRuns = runs.markRepaired(
          { kind: "preparations", id: before.id },
          `Preparation ${before.id} was prepared again. Resume the run.`,
        );
        return before.id;
      };
      const id = this.#workspace.keep("preparations", staged, addRow, files);
      for (const run of repairedRuns) this.onRunChanged(run);
      return { preparation: preparations.find(id)!, alreadyThere: false };
    } finally {
      staged.discard();
    }
  }

  /**
   * Returns settings with the leads and the rate that they leave open.
   * @throws EctopyError `not-found`; `invalid-settings`: they are for recordings, and the dataset has tables, or vice versa
   */
  resolve(datasetId: number, settings: PreparationSettings): PreparationSettings {
    const dataset = this.#dataset(datasetId);
    const version = this.#workspace.datasets.version(datasetId);
    const { records } = this.#recordsOf({ dataset, version });
    refuseOtherContents(dataset, records, settings);
    const resolved = this.#withLabels(datasetId, records, resolvePreparation(settings, records));
    const { testDataset } = settings;
    if (testDataset === undefined) return resolved;
    const other = this.#testDataset(datasetId, testDataset.id);
    const tested = this.#recordsOf({ dataset: other, version: this.#workspace.datasets.version(other.id) }).records;
    const names = resolved.leads === undefined ? {} : { leads: unique([...resolved.leads, ...suitableLeads(tested)]) };
    return { ...resolved, testDataset: { fingerprint: other.fingerprint, ...names, ...testDataset } };
  }

  /** Returns the summary that {@link prepare} would give, counted and not stored. @throws as {@link prepare} does */
  async preview(datasetId: number, given: PreparationSettings, signal: AbortSignal): Promise<PreparationSummary> {
    const settings = checkSettings(preparationSettingsSchema, given, "prepare", preparationProblem);
    const dataset = this.#dataset(datasetId);
    try {
      const version = this.#workspace.datasets.version(datasetId);
      refuseOtherContents(dataset, this.#recordsOf({ dataset, version }).records, settings);
      const isOpen = settings.testDataset !== undefined || settings.annotations !== undefined;
      const resolved = isOpen ? this.resolve(datasetId, settings) : settings;
      const source = this.#sourceOf({ dataset, version }, resolved);
      const summary = await this.#previewer.count({ ...source, settings: resolved }, signal);
      return this.#withOrigin(summary, dataset);
    } catch (error) {
      throw damageOf({ kind: "datasets", id: datasetId }, error);
    }
  }

  /**
   * Returns what a preview of beats of a recording reads: the settings as {@link prepare} would store them, and the labels
   * of the chosen annotation sets.
   * @returns `given` undefined: the recording's own annotations @throws as {@link prepare} does
   */
  previewInput(
    datasetId: number,
    record: string,
    settings: PreparationSettings,
  ): { settings: PreparationSettings; given: GivenLabels | undefined } {
    const resolved = this.resolve(datasetId, settings);
    if (resolved.annotations === undefined) return { settings: resolved, given: undefined };
    const records = this.#workspace.datasets.records(datasetId).filter(({ name }) => name === record);
    const labels = labelsOfSources(this.#workspace, datasetId, records, resolved.annotations);
    return { settings: resolved, given: labels.get(record) ?? { annotations: [], excluded: new Map() } };
  }

  /** Returns how the reviewed sets have changed since a preparation took its labels. @throws EctopyError `not-found` */
  labelsSince(id: number): LabelsSince[] {
    const preparation = this.#workspace.preparations.find(id);
    if (preparation === undefined) throw notFound("preparation", id);
    const { annotations } = preparation.settings;
    return annotations === undefined ? [] : labelsSince(this.#workspace, annotations);
  }

  /** Ends the threads of previews. */
  close(): Promise<void> {
    return this.#previewer.close();
  }

  /** @param destination folder to store the preparation in */
  async #run(
    of: DatasetVersion,
    settings: PreparationSettings,
    destination: string,
    watch: { progress: ReportProgress; signal: AbortSignal },
  ): Promise<PreparationOutcome> {
    try {
      return await startPreparationThread({ ...this.#sourceOf(of, settings), settings, destination }, watch);
    } catch (error) {
      throw damageOf({ kind: "datasets", id: of.dataset.id }, error);
    }
  }

  #withLabels(
    datasetId: number,
    records: readonly RecordToPrepare[],
    settings: PreparationSettings,
  ): PreparationSettings {
    const { annotations, records: chosen, assigned } = settings;
    if (annotations === undefined) return settings;
    const named = [...chosen, ...(assigned?.validation ?? []), ...(assigned?.test ?? [])];
    const names = new Set(chosen.length === 0 ? records.map(({ name }) => name) : named);
    const placed = this.#workspace.datasets.records(datasetId).filter(({ name }) => names.has(name));
    return { ...settings, annotations: resolveLabels(this.#workspace, datasetId, placed, annotations) };
  }

  #isSound(id: number, signal: AbortSignal): Promise<boolean> {
    return this.#verifier.isSound({ kind: "preparations", id }, signal);
  }

  #dataset(id: number): Dataset {
    const dataset = this.#workspace.datasets.find(id);
    if (dataset) return dataset;
    throw notFound("dataset", id);
  }

  /** Returns the dataset that is the test set. @throws EctopyError `not-found`, `invalid-settings` */
  #testDataset(datasetId: number, id: number): Dataset {
    const dataset = this.#dataset(id);
    if (id === datasetId) {
      throw new EctopyError(
        "invalid-settings",
        `Dataset ${id} can't be its own test set.`,
        "Choose another dataset, or split this one by patient.",
      );
    }
    if (contentsOf(this.#workspace.datasets.records(id)) === "recordings") return dataset;
    throw new EctopyError(
      "invalid-settings",
      `Dataset ${id}, ${dataset.name}, has tables of beats, which can't be the test set of recordings.`,
      "Choose a dataset of recordings.",
    );
  }

  /** Returns the recordings of a preparation, with those of its test dataset. */
  #sourceOf(
    of: DatasetVersion,
    { testDataset, records: chosen, annotations, patient }: PreparationSettings,
  ): PreparationSource {
    const own = this.#labelled(of, this.#recordsOf(of), annotations);
    if (patient !== undefined) return { ...own, base: this.#patientBase(patient.run) };
    if (testDataset === undefined) return own;
    const dataset = this.#testDataset(of.dataset.id, testDataset.id);
    const { datasets } = this.#workspace;
    const stored = datasets.findVersion(testDataset.fingerprint ?? dataset.fingerprint, { id: dataset.id });
    if (stored?.id !== dataset.id) throw notFound("dataset", dataset.id);
    const versions = datasets.sameVersions(dataset.id, stored.version);
    const tested = this.#recordsOf({ dataset, version: versions[0] });
    const shared = sharedRecordings(
      datasets.records(of.dataset.id, of.version).filter(({ usable }) => usable),
      datasets.records(dataset.id, versions[0]).filter(({ usable }) => usable),
    );
    const refused = chosen.filter((name) => shared.includes(name));
    if (refused.length > 0) {
      throw new EctopyError(
        "invalid-settings",
        `Recordings of dataset ${of.dataset.id}, or of their patients, are in test dataset ${dataset.id} too: ${refused.slice(0, 5).join(", ")}.`,
        "Leave them out: a network that trains on them has seen test beats.",
      );
    }
    return { ...own, test: { ...tested, shared } };
  }

  /** Returns the preparation of a run that is fine-tuned. @throws EctopyError `not-found` */
  #patientBase(run: number): PatientBase {
    const id = this.#workspace.runs.find(run)?.preparationId;
    const preparation = id === undefined ? undefined : this.#workspace.preparations.find(id);
    if (preparation === undefined) throw notFound("run", run);
    const { fingerprint, summary } = preparation;
    const sets = summary.recordsBySet;
    const recordings = Object.keys(summary.recordings ?? {});
    return {
      folder: this.#workspace.path("preparations", preparation.id),
      fingerprint,
      recordings: recordings.length > 0 ? recordings : [...(sets?.train ?? []), ...(sets?.validation ?? [])],
    };
  }

  /** Returns the recordings with the labels of their annotation sets. */
  #labelled<Source extends PreparationSource>(
    { dataset: { id } }: DatasetVersion,
    source: Source,
    annotations: PreparationSettings["annotations"],
  ): Source {
    if (annotations === undefined) return source;
    const given = labelsOfSources(this.#workspace, id, this.#workspace.datasets.records(id), annotations);
    return { ...source, records: source.records.map((record) => ({ ...record, given: given.get(record.name) })) };
  }

  /** Returns the summary with the origin of the datasets that matters for its metrics. */
  #withOrigin(summary: PreparationSummary, dataset: Dataset): PreparationSummary {
    const { testDataset } = summary.settings;
    const tested = testDataset === undefined ? undefined : this.#workspace.datasets.find(testDataset.id);
    const of = this.#withLabelCaveats(withOriginCaveat(summary, tested?.source === SAMPLE ? tested : dataset), dataset);
    if (tested === undefined) return of;
    const caveat = `Trained on dataset ${dataset.id}, ${dataset.name}; tested on dataset ${tested.id}, ${tested.name}.`;
    return { ...of, caveats: [caveat, ...of.caveats] };
  }

  #withLabelCaveats(summary: PreparationSummary, { id }: Dataset): PreparationSummary {
    const { annotations } = summary.settings;
    if (annotations === undefined) return summary;
    const caveats = labelCaveats(this.#workspace, id, this.#workspace.datasets.records(id), annotations);
    // Pages show the first limitation beside the metrics: that they hold for one patient matters most.
    const [first, others] = [summary.caveats.filter(isOfPatient), summary.caveats.filter((each) => !isOfPatient(each))];
    return { ...summary, caveats: [...first, ...caveats, ...others] };
  }

  #recordsOf({ dataset: { id }, version }: DatasetVersion): { folder: string; records: RecordToPrepare[] } {
    const usable = this.#workspace.datasets.records(id, version).filter((record) => record.usable);
    return {
      folder: this.#workspace.path("datasets", id),
      records: usable.map(({ name, patient, knownAs, leads, rate, details, beats, findings }) => {
        return { name, patient, knownAs, leads, rate, details, beats, findings };
      }),
    };
  }
}

/** @throws EctopyError `invalid-settings`: the settings are for recordings, and the dataset has tables, or vice versa */
function refuseOtherContents(
  { id, name }: Dataset,
  records: readonly RecordToPrepare[],
  { rowSamples, protocol }: PreparationSettings,
): void {
  const isTable = contentsOf(records) === "beats";
  if (isTable === (rowSamples !== undefined)) return;
  throw new EctopyError(
    "invalid-settings",
    isTable
      ? `Dataset ${id}, ${name}, has tables of beats: it has neither leads nor patients, and its beats have no window (${protocolName(protocol)}).`
      : `Dataset ${id}, ${name}, has recordings: their beats are no rows of a table.`,
    isTable ? "Prepare it with the given test set, or with a random split." : "Choose leads, a window and a class map.",
  );
}

function isOfPatient(caveat: string): boolean {
  return caveat.startsWith(PATIENT_CAVEAT);
}

function unique(names: readonly string[]): string[] {
  return names.filter((name, i) => names.findIndex((other) => leadKey(other) === leadKey(name)) === i);
}

function withOriginCaveat(summary: PreparationSummary, { source }: Dataset): PreparationSummary {
  if (source !== SAMPLE) return summary;
  const caveat = "The recordings are synthetic, made to try Ectopy on: metrics on them say nothing about patients.";
  return { ...summary, caveats: [caveat, ...summary.caveats] };
}
