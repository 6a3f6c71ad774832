/** Copies found recordings into the workspace: as a dataset, or as the next version of one. */
import { copyFileSync, linkSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { DatasetRecord } from "../../../contract/domain/dataset-records.ts";
import { SAMPLE, type Dataset, type ImportedDataset, type ImportSettings } from "../../../contract/domain/datasets.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Finding, HealthReport } from "../../../contract/domain/recordings.ts";
import { healthReport } from "../../../pipeline/recordings/health.ts";
import { storedNames } from "../../../pipeline/recordings/finding/record-names.ts";
import { timestamp } from "../../base/timestamp.ts";
import { readManifest, type StoredFile } from "../../store/manifest.ts";
import type { StagedFolder } from "../../store/staged-folder.ts";
import type { Workspace } from "../../store/workspace.ts";
import type { BeatPool, RecordStored } from "../../workers/beat-tasks.ts";
import { importRecord } from "../../workers/import-record.ts";
import { growBeatPoolFor } from "../../workers/prepare-beats.ts";
import { datasetFingerprint } from "../workspace/fingerprints.ts";
import type { Verifier } from "../workspace/verifier.ts";
import { refuseUnlike, withTableChoices, type ChosenRecording } from "./beat-tables.ts";
import { cancelled, type FindWatch, type FoundRecordings, type NamedRecording } from "./find-all.ts";
import {
  recordOf,
  sameRecordings,
  sharedWith,
  withDuplicates,
  withPatients,
  type IdentifiedRecords,
} from "./identify-records.ts";

export interface CopyParts {
  workspace: Workspace;
  verifier: Verifier;
  pool: BeatPool;
}

export type CopyOptions = FindWatch & ImportSettings & { name: string; source: string };

/** @throws EctopyError `nothing-usable`, `invalid-settings`, `disk-full`, `no-access`; CancelledError */
export async function copyRecordings(
  parts: CopyParts,
  found: FoundRecordings,
  options: CopyOptions,
): Promise<ImportedDataset> {
  const { workspace, pool } = parts;
  const target = options.addTo === undefined ? undefined : workspace.datasets.find(options.addTo);
  const present = target === undefined ? [] : workspace.datasets.records(target.id);
  const staged = workspace.stage("datasets");
  try {
    const chosen = withTableChoices(chosenRecordings(found, options, present), options);
    const stored = await copyAll(pool, chosen, { found, destination: staged.path }, options);
    const files = uniqueFiles(stored.flatMap((record) => record.files));
    const records = stored.map(({ place, ...record }) => recordOf(record, place));
    refuseUseless(found.shown, healthReport(records));
    refuseUnlike([...present, ...records]);
    const findings = [...found.findings, ...sharedWith(records, otherDatasets(workspace, options.addTo))];
    const copied: Copied = { staged, records, findings, files };
    return target === undefined
      ? await addDataset(parts, copied, options)
      : addTo(workspace, { target, present }, copied, options);
  } finally {
    staged.discard();
  }
}

/** A stored recording with its folder in the source. */
type StoredRecord = RecordStored & { place: string };

/** Recordings in a staged folder. */
interface Copied {
  staged: StagedFolder;
  records: DatasetRecord[];
  /** Findings on the folder. */
  findings: Finding[];
  files: StoredFile[];
}

function otherDatasets(
  { datasets, removed }: Workspace,
  except: number | undefined,
): { id: number; name: string; records: DatasetRecord[] }[] {
  const inBin = removed.ids("datasets");
  return datasets
    .list()
    .filter(({ id, source }) => id !== except && !inBin.has(id) && source !== SAMPLE)
    .map(({ id, name }) => ({ id, name, records: datasets.records(id) }));
}

async function addDataset(
  { workspace, verifier }: CopyParts,
  { staged, files, ...copied }: Copied,
  options: CopyOptions,
): Promise<ImportedDataset> {
  const { datasets, removed } = workspace;
  const { name, source, signal, withoutComments = false } = options;
  const { records, patientsFrom, findings } =
    source === SAMPLE ? samplePatientsOf(copied.records) : withPatients(copied.records, options, withoutComments);
  const report = healthReport(withDuplicates(records), [...copied.findings, ...findings]);
  const fingerprint = datasetFingerprint(files);
  const before = datasets.findByFingerprint(fingerprint);
  if (before) removed.restore("datasets", before.id);
  if (before && (await verifier.isSound({ kind: "datasets", id: before.id }, signal))) {
    return { dataset: before, report, alreadyThere: true };
  }
  const add = (): number =>
    datasets.add({ name, source, fingerprint, createdAt: timestamp(), patientsFrom }, { ...report, identified: true });
  // A damaged stored copy is replaced; preparations made from it are unchanged.
  const id = workspace.keep("datasets", staged, () => before?.id ?? add(), files);
  return { dataset: datasets.find(id)!, report, alreadyThere: false };
}

/** Each sample recording is of another fictitious patient. */
function samplePatientsOf(records: readonly DatasetRecord[]): IdentifiedRecords {
  return { ...withPatients(records, { onePatientEach: true }, false), patientsFrom: "sample" };
}

/** Returns the recordings of the chosen folders, with names that the dataset does not have yet. */
function chosenRecordings(
  { recordings, shown }: FoundRecordings,
  { places }: CopyOptions,
  present: readonly DatasetRecord[],
): NamedRecording[] {
  const isBelow = (place: string, folder: string): boolean => place === folder || place.startsWith(`${folder}/`);
  const chosen =
    places === undefined ? recordings : recordings.filter(({ place }) => places.some((each) => isBelow(place, each)));
  if (chosen.length === 0) {
    throw new EctopyError(
      "nothing-usable",
      `There are no recordings in the chosen folders of ${shown}: ${(places ?? []).join(", ")}.`,
      "Choose a folder that the inspection lists.",
    );
  }
  const names = storedNames(
    chosen,
    present.map(({ name }) => name),
  );
  return chosen.map((recording, i) => ({ ...recording, storedName: names[i] }));
}

async function copyAll(
  pool: BeatPool,
  recordings: readonly ChosenRecording[],
  { found, destination }: { found: FoundRecordings; destination: string },
  { progress, signal, withoutComments = false, leads, annotator }: CopyOptions,
): Promise<StoredRecord[]> {
  growBeatPoolFor(pool, recordings.length);
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  let done = 0;
  const report = (): void =>
    progress({ stage: "Importing recordings", done, total: recordings.length, unit: "records" });
  report();
  const copies = recordings.map(async ({ place, storedName, table, ...recording }, number) => {
    const folder = found.tree.filesIn(place, recording.files);
    const input = { folder, recording, storedName, table, leads, annotator, destination, withoutComments };
    const record = await importRecord(pool, input, number, either);
    done++;
    report();
    return { ...record, place };
  });
  try {
    return await Promise.all(copies);
  } catch (error) {
    // The others still write into the folder that the caller removes: until they have ended, that would fail.
    stop.abort();
    await Promise.allSettled(copies);
    throw signal.aborted ? cancelled() : error;
  }
}

/** Adds the recordings that a dataset does not have yet. Its own files are linked, or copied where links can't be made. */
function addTo(
  workspace: Workspace,
  { target, present }: { target: Dataset; present: readonly DatasetRecord[] },
  { staged, files, ...copied }: Copied,
  options: CopyOptions,
): ImportedDataset {
  const { datasets } = workspace;
  const folder = workspace.path("datasets", target.id);
  const usable = copied.records.filter((record) => record.usable);
  const twice = new Set(sameRecordings(usable, present));
  const added = copied.records.filter(({ name }) => !twice.has(name));
  if (!added.some((record) => record.usable)) {
    return { dataset: target, report: healthReport(copied.records, copied.findings), alreadyThere: true };
  }
  const stored = storedFiles(folder, target);
  for (const { name } of stored) linkOrCopy(join(folder, name), join(staged.path, name));
  const isAdded = ({ name }: StoredFile): boolean => !twice.has(name.slice(0, name.lastIndexOf(".")));
  for (const file of files) if (!isAdded(file)) rmSync(join(staged.path, file.name));
  const all = [...stored, ...files.filter(isAdded)];
  const { records, patientsFrom, findings } = addedPatients(target, present, added, options);
  const names = new Set(added.map(({ name }) => name));
  const newRecords = withDuplicates(records.filter(({ name }) => names.has(name)));
  const report = healthReport(newRecords, [
    ...copied.findings,
    ...findings,
    ...(twice.size === 0 ? [] : [alreadyIn(target, [...twice])]),
  ]);
  const add = (): number => {
    datasets.addRecords(target.id, datasetFingerprint(all), report);
    const before = new Map(present.map(({ name, patient }) => [name, patient]));
    const changed = records.filter(({ name, patient }) => before.has(name) && before.get(name) !== patient);
    const changes = new Map(changed.map(({ name, patient }) => [name, patient]));
    // Preparations of earlier versions keep their patients.
    if (changes.size > 0) datasets.changePatients(target.id, { createdAt: timestamp(), patientsFrom, changes });
    else datasets.setPatients(target.id, patientsFrom, []);
    return target.id;
  };
  workspace.keep("datasets", staged, add, all);
  return { dataset: datasets.find(target.id)!, report, alreadyThere: false };
}

/**
 * Returns all recordings of a dataset with their patients. Without a choice, the rule must hold for the old and the new
 * ones together.
 */
function addedPatients(
  { patientsFrom }: Dataset,
  present: readonly DatasetRecord[],
  added: readonly DatasetRecord[],
  options: CopyOptions,
): IdentifiedRecords {
  const { patients, onePatientEach, patientsUnknown, withoutComments = false } = options;
  const isChosen = patients !== undefined || onePatientEach === true || patientsUnknown === true;
  if (!isChosen && patientsFrom !== "table") {
    return withPatients([...present, ...added], {}, withoutComments);
  }
  const own = withPatients(added, options, withoutComments);
  const records = [...present, ...own.records];
  const areKnown = records.every((record) => !record.usable || record.patient !== null);
  return { ...own, records, patientsFrom: areKnown ? (own.patientsFrom ?? patientsFrom) : null };
}

/** @throws EctopyError `damaged-file` */
function storedFiles(folder: string, { id }: Dataset): readonly StoredFile[] {
  const manifest = readManifest(folder);
  if (manifest !== undefined && manifest !== "damaged") return manifest.files;
  throw new EctopyError(
    "damaged-file",
    `The manifest of dataset ${id} is missing or damaged.`,
    "Run `ectopy doctor --repair`, then add the recordings again.",
    { subject: { kind: "datasets", id } },
  );
}

function alreadyIn({ name }: Dataset, records: readonly string[]): Finding {
  const listed = `${records.slice(0, 5).join(", ")}${records.length > 5 ? ", …" : ""}`;
  return {
    severity: "note",
    message: `Not added, because ${name} has the same samples already: ${listed}.`,
    fix: "",
  };
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to); // FAT and some network drives have no links.
  }
}

function refuseUseless(folder: string, { usableRecords, records }: HealthReport): void {
  if (usableRecords > 0) return;
  const [finding] = records.flatMap(({ findings }) => findings.filter(({ severity }) => severity === "damaged"));
  const none =
    records.length === 1
      ? `The recording in ${folder} can't be used`
      : `None of the ${records.length} recordings in ${folder} can be used`;
  throw new EctopyError(
    "nothing-usable",
    finding ? `${none}: ${finding.message}` : `${none}.`,
    finding?.fix ?? "Copy the recordings again from their source.",
  );
}

/** Several recordings may share a signal file. */
function uniqueFiles(files: readonly StoredFile[]): StoredFile[] {
  return [...new Map(files.map((file) => [file.name, file])).values()];
}
