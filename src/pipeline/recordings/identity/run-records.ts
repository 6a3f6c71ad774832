/** Recordings that a network was trained on, and those that it is tested on, by what identifies them in every dataset. */
import { contentsOf, type DatasetRecord, type SampleIdentity } from "../../../contract/domain/dataset-records.ts";
import type { TrainingRecord } from "../../../contract/domain/exports.ts";
import type { Preparation } from "../../../contract/domain/preparation.ts";

type Prepared = Pick<Preparation, "settings"> & { summary: Pick<Preparation["summary"], "recordsBySet" | "leftOut"> };

/** Returns the recordings of the training and validation set. @param records all of the dataset */
export function trainedRecords<Of extends Pick<DatasetRecord, "name">>(
  { summary: { recordsBySet, leftOut } }: Prepared,
  records: readonly Of[],
): Of[] {
  if (recordsBySet === undefined) return records.filter(({ name }) => !leftOut.records.includes(name));
  const names = new Set([...recordsBySet.train, ...recordsBySet.validation]);
  return records.filter(({ name }) => names.has(name));
}

/** Returns the recordings of the test set. @param records all of the dataset that is tested on */
export function testedRecords<Of extends Pick<DatasetRecord, "name">>(
  { summary: { recordsBySet, leftOut } }: Prepared,
  records: readonly Of[],
): Of[] {
  if (recordsBySet === undefined) return records.filter(({ name }) => !leftOut.records.includes(name));
  const names = new Set(recordsBySet.test);
  return records.filter(({ name }) => names.has(name));
}

/** Returns what a model card says of its training recordings; undefined where something that identifies one is unknown. */
export function trainingRecordsOf(
  preparation: Prepared,
  records: readonly (SampleIdentity & Pick<DatasetRecord, "details">)[],
): TrainingRecord[] | undefined {
  const trained = trainedRecords(preparation, records);
  if (contentsOf(trained) === "beats" || trained.some(({ hashes }) => hashes.length === 0)) return undefined;
  return trained.map(({ hashes, knownAs }) => ({ hashes: [...hashes], knownAs }));
}

/** Returns the training recordings of a model card as recordings of no dataset, to be compared with those of one. */
export function identitiesOf(records: readonly TrainingRecord[]): SampleIdentity[] {
  return records.map(({ hashes, knownAs }) => ({ name: "", patient: null, knownAs, hashes }));
}
