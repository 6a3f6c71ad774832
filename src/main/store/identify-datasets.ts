/**
 * Finds out which datasets of earlier versions are public databases. Those versions recognised MIT-BIH by the names of
 * its records, and stored nothing about it: the hashes of its files are in the manifest of the dataset.
 */
import { SAMPLE } from "../../contract/domain/datasets.ts";
import { isMitBih } from "../../pipeline/beats/mitbih.ts";
import { patientLabel } from "../../pipeline/beats/patients.ts";
import { knownRecord } from "../../pipeline/recordings/identity/known-records.ts";
import type { DatasetStore } from "./datasets.ts";
import { readManifest } from "./manifest.ts";

/** Compares all datasets that have not been compared yet, as far as their manifests are readable. */
export function identifyDatasets(datasets: DatasetStore, folderOf: (id: number) => string): void {
  for (const id of datasets.unidentified()) {
    const manifest = readManifest(folderOf(id));
    if (manifest === undefined || manifest === "damaged") continue;
    const hashOf = new Map(manifest.files.map(({ name, sha256 }) => [name, sha256]));
    const records = datasets.records(id).map((record) => {
      const file = hashOf.get(`${record.name}.dat`);
      return { ...record, knownAs: knownRecord({ files: file === undefined ? [] : [file] }) };
    });
    datasets.identify(id, records);
    if (datasets.find(id)?.source === SAMPLE) {
      const patients = records.map(({ name }) => ({ name, patient: name }));
      datasets.setPatients(id, "sample", patients);
    } else if (isMitBih(records.filter(({ usable }) => usable))) {
      const patients = records.map((record) => ({ name: record.name, patient: patientLabel(record) }));
      datasets.setPatients(id, "database", patients);
    }
  }
}
