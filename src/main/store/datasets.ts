/** Datasets in the database: imported recordings, their origin and their health report, in versions. */
import { isDeepStrictEqual } from "node:util";
import type { DatasetRecord, RecordOrigin } from "../../contract/domain/dataset-records.ts";
import type { Dataset, PatientCorrection } from "../../contract/domain/datasets.ts";
import type { Finding, FindingCode } from "../../contract/domain/recordings.ts";
import type { Connection } from "./database.ts";
import { parseColumn } from "./json-column.ts";
import {
  hashesSchema,
  patientLabelsSchema,
  recordAnnotatorsSchema,
  recordDetailsSchema,
  textsSchema,
} from "./stored-schemas.ts";

/** Rows of a dataset beside its own. */
export interface DatasetContent {
  records: readonly DatasetRecord[];
  /** Findings on the whole dataset, not on one recording. */
  findings: readonly Finding[];
  /** Fingerprints of the versions; empty: the dataset has one. */
  versions?: readonly string[];
  /** Whether the recordings have been compared with public databases (default: false). */
  identified?: boolean;
  /** Corrections of patients; none by default. */
  corrections?: readonly PatientCorrection[];
}

/** New patients of recordings. */
export interface PatientChange extends Pick<PatientCorrection, "createdAt" | "patientsFrom"> {
  undoes?: number | null;
  /** Patients by the names of the changed recordings; null: unknown. */
  changes: ReadonlyMap<string, string | null>;
}

export class DatasetStore {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  /**
   * Adds a dataset with all its rows. Call it inside a transaction that also moves the files to their folder.
   * @param number its number if it was stored before; null: the next free number
   */
  add(dataset: Omit<Dataset, "id">, content: DatasetContent, number: number | null = null): number {
    const { lastInsertRowid } = this.#database
      .prepare(
        `INSERT INTO datasets (id, name, source, fingerprint, created_at, patients_from, identified)
         VALUES (@number, @name, @source, @fingerprint, @createdAt, @patientsFrom, @identified)`,
      )
      .run({ ...dataset, identified: content.identified === true ? 1 : 0, number });
    const id = Number(lastInsertRowid);
    const { versions = [] } = content;
    (versions.length > 0 ? versions : [dataset.fingerprint]).forEach((fingerprint, i) =>
      this.#addVersion(id, i + 1, fingerprint),
    );
    this.#addRecords(id, content);
    for (const correction of content.corrections ?? []) this.#addCorrection(id, correction);
    return id;
  }

  /**
   * Adds recordings to a dataset as its next version. Call it inside a transaction that also replaces its folder.
   * @param fingerprint of all its files
   */
  addRecords(id: number, fingerprint: string, content: Pick<DatasetContent, "records" | "findings">): void {
    const version = this.version(id) + 1;
    this.#database.prepare("UPDATE datasets SET fingerprint = ? WHERE id = ?").run(fingerprint, id);
    this.#addVersion(id, version, fingerprint);
    this.#addRecords(id, { ...content, records: content.records.map((record) => ({ ...record, version })) });
  }

  #addVersion(id: number, version: number, fingerprint: string): void {
    this.#database.prepare("INSERT INTO dataset_versions VALUES (?, ?, ?)").run(id, version, fingerprint);
  }

  #addRecords(id: number, { records, findings }: Pick<DatasetContent, "records" | "findings">): void {
    const addRecord = this.#database.prepare(
      `INSERT INTO records (dataset_id, name, usable, rate, length, leads, other_annotations, comments, place, patient,
         known_as, hashes, annotators, version, details)
       VALUES (@id, @name, @usable, @rate, @length, @leads, @otherAnnotations, @comments, @place, @patient,
         @knownAs, @hashes, @annotators, @version, @details)`,
    );
    const addBeats = this.#database.prepare(
      "INSERT INTO record_beats (dataset_id, record, symbol, count) VALUES (?, ?, ?, ?)",
    );
    for (const record of records) {
      const { beats, findings: own, ...columns } = record;
      addRecord.run({
        ...columns,
        id,
        usable: record.usable ? 1 : 0,
        leads: JSON.stringify(record.leads),
        comments: JSON.stringify(record.comments),
        hashes: JSON.stringify(record.hashes),
        annotators: JSON.stringify(record.annotators),
        details: JSON.stringify(record.details ?? {}),
      });
      for (const [symbol, count] of Object.entries(beats)) addBeats.run(id, record.name, symbol, count);
      this.#addFindings(id, record.name, own);
    }
    this.#addFindings(id, null, findings);
  }

  /** @param record null: findings on the whole dataset */
  #addFindings(id: number, record: string | null, findings: readonly Finding[]): void {
    const add = this.#database.prepare(
      `INSERT INTO findings (dataset_id, record, code, severity, message, fix)
       VALUES (@id, @record, @code, @severity, @message, @fix)`,
    );
    for (const finding of findings) add.run({ id, record, ...finding, code: finding.code ?? "" });
  }

  rename(id: number, name: string): void {
    this.#database.prepare("UPDATE datasets SET name = ? WHERE id = ?").run(name, id);
  }

  setSource(id: number, source: string): void {
    this.#database.prepare("UPDATE datasets SET source = ? WHERE id = ?").run(source, id);
  }

  /** Stores how the patients of a dataset are known, and whose each recording is. */
  setPatients(
    id: number,
    patientsFrom: Dataset["patientsFrom"],
    records: readonly Pick<DatasetRecord, "name" | "patient">[],
  ): void {
    this.#database.prepare("UPDATE datasets SET patients_from = ? WHERE id = ?").run(patientsFrom, id);
    const set = this.#database.prepare("UPDATE records SET patient = ? WHERE dataset_id = ? AND name = ?");
    for (const { name, patient } of records) set.run(patient, id, name);
  }

  /**
   * Changes the patients of recordings, as the next version of the dataset: earlier versions keep theirs. Call it inside a
   * transaction.
   */
  correctPatients(id: number, change: PatientChange): void {
    const versions = this.versions(id);
    this.#addVersion(id, versions.length + 1, versions[versions.length - 1]);
    this.changePatients(id, change);
  }

  /** Changes the patients of recordings in the last version of the dataset, which was added in the same transaction. */
  changePatients(id: number, { createdAt, patientsFrom, undoes = null, changes }: PatientChange): void {
    const labels = this.patients(id);
    const patients = Object.fromEntries([...changes.keys()].map((name) => [name, labels.get(name) ?? null]));
    const before = this.find(id)?.patientsFrom ?? null;
    this.#addCorrection(id, { version: this.version(id), createdAt, patients, patientsFrom: before, undoes });
    this.setPatients(
      id,
      patientsFrom,
      [...changes].map(([name, patient]) => ({ name, patient })),
    );
  }

  #addCorrection(id: number, { patients, ...correction }: PatientCorrection): void {
    this.#database
      .prepare(
        `INSERT INTO patient_corrections (dataset_id, version, created_at, patients, patients_from, undoes)
         VALUES (@id, @version, @createdAt, @patients, @patientsFrom, @undoes)`,
      )
      .run({ ...correction, id, patients: JSON.stringify(patients) });
  }

  /** Returns the corrections of a dataset's patients, oldest first. */
  corrections(id: number): PatientCorrection[] {
    return this.#database
      .prepare<[number], Omit<PatientCorrection, "patients"> & { patients: string }>(
        `SELECT version, created_at AS createdAt, patients, patients_from AS patientsFrom, undoes
         FROM patient_corrections WHERE dataset_id = ? ORDER BY version`,
      )
      .all(id)
      .map((row) => ({
        ...row,
        patients: parseColumn(patientLabelsSchema, row.patients, `the corrected patients of dataset ${id}`),
      }));
  }

  /** Returns the patient of each recording of a dataset, by its name: now, or in an earlier version. */
  patients(id: number, version = Number.MAX_SAFE_INTEGER): Map<string, string | null> {
    const labels = new Map(
      this.#database
        .prepare<[number], { name: string; patient: string | null }>(
          "SELECT name, patient FROM records WHERE dataset_id = ? ORDER BY name",
        )
        .all(id)
        .map(({ name, patient }) => [name, patient]),
    );
    const later = this.corrections(id).filter((correction) => correction.version > version);
    for (const { patients } of later.reverse()) {
      for (const [name, patient] of Object.entries(patients)) labels.set(name, patient);
    }
    return labels;
  }

  /** Returns the versions with the recordings and the patients of a version, newest first; itself among them. */
  sameVersions(id: number, version: number): number[] {
    const versions = this.versions(id);
    const patients = this.patients(id, version);
    return versions
      .flatMap((fingerprint, i) => (fingerprint === versions[version - 1] ? [i + 1] : []))
      .filter((other) => other === version || isDeepStrictEqual(this.patients(id, other), patients))
      .reverse();
  }

  /** Returns the datasets whose recordings have not been compared with public databases. */
  unidentified(): number[] {
    return this.#database.prepare<[], number>("SELECT id FROM datasets WHERE identified = 0 ORDER BY id").pluck().all();
  }

  /** Whether the recordings of a dataset have been compared with public databases. */
  isIdentified(id: number): boolean {
    return this.#database.prepare("SELECT identified FROM datasets WHERE id = ?").pluck().get(id) === 1;
  }

  /** Stores which public recordings those of a dataset are. */
  identify(id: number, records: readonly Pick<DatasetRecord, "name" | "knownAs">[]): void {
    this.#database.prepare("UPDATE datasets SET identified = 1 WHERE id = ?").run(id);
    const set = this.#database.prepare("UPDATE records SET known_as = ? WHERE dataset_id = ? AND name = ?");
    for (const { name, knownAs } of records) set.run(knownAs, id, name);
  }

  /** Stores what was found in recordings that an import of an earlier version did not examine: it replaces their findings. */
  setExamined(id: number, records: readonly Pick<DatasetRecord, "name" | "hashes" | "findings">[]): void {
    const set = this.#database.prepare("UPDATE records SET hashes = ? WHERE dataset_id = ? AND name = ?");
    const remove = this.#database.prepare("DELETE FROM findings WHERE dataset_id = ? AND record = ?");
    for (const { name, hashes, findings } of records) {
      set.run(JSON.stringify(hashes), id, name);
      remove.run(id, name);
      this.#addFindings(id, name, findings);
    }
  }

  find(id: number): Dataset | undefined {
    return this.#database.prepare<[number], Dataset>(`${SELECT} WHERE id = ?`).get(id);
  }

  findByFingerprint(fingerprint: string): Dataset | undefined {
    return this.#database.prepare<[string], Dataset>(`${SELECT} WHERE fingerprint = ?`).get(fingerprint);
  }

  /**
   * Returns the version of a dataset that has a fingerprint.
   * @param preferred number of the dataset, and of its version, that are returned where several have the fingerprint
   */
  findVersion(
    fingerprint: string,
    preferred: { id: number; version?: number | undefined },
  ): { id: number; version: number } | undefined {
    return this.#database
      .prepare<[string, number, number], { id: number; version: number }>(
        `SELECT dataset_id AS id, version FROM dataset_versions WHERE fingerprint = ?
         ORDER BY dataset_id = ? DESC, version = ? DESC, version, dataset_id`,
      )
      .get(fingerprint, preferred.id, preferred.version ?? 0);
  }

  /** Returns the number of the last version of a dataset, from 1. */
  version(id: number): number {
    return this.versions(id).length;
  }

  /** Returns the fingerprint of each version of a dataset. */
  versions(id: number): string[] {
    return this.#database
      .prepare<[number], string>("SELECT fingerprint FROM dataset_versions WHERE dataset_id = ? ORDER BY version")
      .pluck()
      .all(id);
  }

  /** Returns the numbers of all datasets. */
  ids(): number[] {
    return this.#database.prepare<[], number>("SELECT id FROM datasets ORDER BY id").pluck().all();
  }

  list(): Dataset[] {
    return this.#database.prepare<[], Dataset>(`${SELECT} ORDER BY id`).all();
  }

  /**
   * Returns the recordings of a dataset in the order of their names, each with its beats and findings.
   * @param version without the recordings that later versions added, and with its patients; the last one by default
   */
  records(id: number, version = Number.MAX_SAFE_INTEGER): DatasetRecord[] {
    interface Row extends Omit<RecordOrigin, "hashes" | "annotators"> {
      name: string;
      usable: number;
      rate: number;
      length: number;
      leads: string;
      otherAnnotations: number;
      comments: string;
      hashes: string;
      annotators: string;
      details: string;
    }
    const beats = this.#database.prepare<[number, string], { symbol: string; count: number }>(
      "SELECT symbol, count FROM record_beats WHERE dataset_id = ? AND record = ? ORDER BY symbol",
    );
    const findings = this.#database.prepare<[number, string], StoredFinding>(
      `SELECT ${FINDING} FROM findings WHERE dataset_id = ? AND record = ? ORDER BY id`,
    );
    const patients = this.patients(id, version);
    return this.#database
      .prepare<[number, number], Row>(
        `SELECT name, usable, rate, length, leads, other_annotations AS otherAnnotations, comments, place,
           patient, known_as AS knownAs, hashes, annotators, version, details
         FROM records WHERE dataset_id = ? AND version <= ? ORDER BY name`,
      )
      .all(id, version)
      .map(({ details, ...row }) => {
        const of = `recording ${row.name} of dataset ${id}`;
        return {
          ...row,
          patient: patients.get(row.name) ?? null,
          usable: row.usable === 1,
          leads: parseColumn(textsSchema, row.leads, `the leads of ${of}`),
          comments: parseColumn(textsSchema, row.comments, `the comments of ${of}`),
          hashes: parseColumn(hashesSchema, row.hashes, `the hashes of ${of}`),
          annotators: parseColumn(recordAnnotatorsSchema, row.annotators, `the annotators of ${of}`),
          beats: Object.fromEntries(beats.all(id, row.name).map(({ symbol, count }) => [symbol, count])),
          // A recording without details has none in manifests, either.
          ...(details === "{}" ? {} : { details: parseColumn(recordDetailsSchema, details, `the details of ${of}`) }),
          findings: findings.all(id, row.name).map(withoutEmptyCode),
        };
      });
  }

  /** Returns the findings on the whole dataset, not on one recording. */
  findings(id: number): Finding[] {
    return this.#database
      .prepare<[number], StoredFinding>(
        `SELECT ${FINDING} FROM findings WHERE dataset_id = ? AND record IS NULL ORDER BY id`,
      )
      .all(id)
      .map(withoutEmptyCode);
  }
}

/** A row of findings; its code is empty where the finding has none. */
type StoredFinding = Omit<Finding, "code"> & { code: FindingCode | "" };

function withoutEmptyCode({ code, ...finding }: StoredFinding): Finding {
  return code === "" ? finding : { code, ...finding };
}

const SELECT = `SELECT id, name, source, fingerprint, created_at AS createdAt, patients_from AS patientsFrom
  FROM datasets`;
const FINDING = "code, severity, message, fix";
