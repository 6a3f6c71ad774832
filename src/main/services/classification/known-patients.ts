/** Whether a network was trained on a recording, or on its patient: its result is then no test of the network. */
import type { DatasetRecord } from "../../../contract/domain/dataset-records.ts";
import type { Preparation } from "../../../contract/domain/preparation.ts";
import { patientLabel } from "../../../pipeline/beats/patients.ts";
import { trainedRecords as recordsInTraining } from "../../../pipeline/recordings/identity/run-records.ts";
import type { Workspace } from "../../store/workspace.ts";
import type { RunModel } from "./models.ts";

/** A recording of a dataset. */
export interface PlacedRecord {
  dataset: number;
  record: DatasetRecord;
}

/** Returns the recordings in training and validation set of a run. */
export function trainedRecords(workspace: Workspace, { details }: RunModel): PlacedRecord[] {
  const { preparation, dataset } = details;
  const { patient } = preparation.settings;
  const base = patient === undefined ? [] : trainedRecordsOf(workspace, patient.run);
  return [...base, ...usedRecords(workspace, preparation, dataset.id)];
}

function trainedRecordsOf(workspace: Workspace, run: number): PlacedRecord[] {
  const id = workspace.runs.find(run)?.preparationId;
  const preparation = id === undefined ? undefined : workspace.preparations.find(id);
  return preparation === undefined ? [] : usedRecords(workspace, preparation, preparation.datasetId);
}

function usedRecords(workspace: Workspace, preparation: Preparation, dataset: number): PlacedRecord[] {
  const records = recordsInTraining(preparation, workspace.datasets.records(dataset));
  return records.map((record) => ({ dataset, record }));
}

/** Returns the warning for a recording, one sentence; null: neither it nor its patient is known to be in training. */
export function trainingWarning(
  run: number,
  trained: readonly PlacedRecord[],
  classified: PlacedRecord,
): string | null {
  if (trained.some((each) => isSameRecording(each, classified))) {
    return `Used to train run ${run}: the result is no test of the network.`;
  }
  const other = trained.find((each) => isSamePatient(each, classified));
  if (other === undefined) return null;
  return `Of a patient who trained run ${run} (recording ${other.record.name}): the result is no test of the network.`;
}

function isSameRecording(one: PlacedRecord, other: PlacedRecord): boolean {
  if (one.dataset === other.dataset && one.record.name === other.record.name) return true;
  if (one.record.knownAs !== null && one.record.knownAs === other.record.knownAs) return true;
  return one.record.hashes.some((hash) => hash !== null && other.record.hashes.includes(hash));
}

/** Labels of patients are unique in a dataset, and in a public database. */
function isSamePatient(one: PlacedRecord, other: PlacedRecord): boolean {
  const label = patientLabel(one.record);
  if (label === null || label !== patientLabel(other.record)) return false;
  const database = databaseOf(one.record);
  return one.dataset === other.dataset || (database !== null && database === databaseOf(other.record));
}

function databaseOf({ knownAs }: DatasetRecord): string | null {
  return knownAs === null ? null : (knownAs.split("/").at(0) ?? null);
}
