/** Recordings of a preparation: those of the settings without those that the protocol excludes. */
import { EctopyError } from "../../contract/domain/errors.ts";
import type { RecordIdentity } from "../../contract/domain/dataset-records.ts";
import type { PreparationSettings } from "../../contract/domain/preparation.ts";
import { isMitBih, mitBihNumber, PACED_RECORDS, SHARED_PATIENT } from "./mitbih.ts";

export interface RecordChoice<Chosen extends RecordIdentity> {
  used: Chosen[];
  leftOut: string[];
}

/**
 * Chooses the recordings.
 * @param records usable recordings of the dataset
 * @throws EctopyError `not-found` for a recording that the dataset lacks; `nothing-usable` if none remains
 */
export function chooseRecords<Chosen extends RecordIdentity>(
  records: readonly Chosen[],
  settings: Pick<PreparationSettings, "protocol" | "records" | "withoutSharedPatient">,
): RecordChoice<Chosen> {
  const requested = new Set(settings.records);
  for (const name of requested) {
    if (!records.some((record) => record.name === name)) {
      throw new EctopyError(
        "not-found",
        `The dataset has no usable recording ${name}.`,
        "Choose recordings that the dataset's health report lists as usable.",
      );
    }
  }
  const chosen = records.filter(({ name }) => requested.size === 0 || requested.has(name));
  const excluded = new Set<string>();
  const byPatient = settings.protocol === "inter-patient" || settings.protocol === "cross-validation";
  if (byPatient && isMitBih(chosen)) {
    for (const number of PACED_RECORDS) excluded.add(number);
    const hasShared = chosen.some((record) => mitBihNumber(record) === SHARED_PATIENT.train);
    if (settings.protocol === "inter-patient" && settings.withoutSharedPatient && hasShared)
      excluded.add(SHARED_PATIENT.test);
  }
  const used = chosen.filter((record) => !excluded.has(mitBihNumber(record) ?? ""));
  if (used.length === 0) {
    throw new EctopyError(
      "nothing-usable",
      "The protocol and the settings exclude all recordings.",
      "Choose more recordings, or another protocol.",
    );
  }
  return { used, leftOut: records.filter((record) => !used.includes(record)).map(({ name }) => name) };
}
