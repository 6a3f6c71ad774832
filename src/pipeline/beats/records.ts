/** Recordings of a preparation: those of the settings without those that the protocol excludes. */
import { EctopyError } from "../../contract/domain/errors.ts";
import type { RecordIdentity } from "../../contract/domain/dataset-records.ts";
import type { PreparationSettings } from "../../contract/domain/preparation.ts";
import { isMitBih, mitBihNumber, PACED_RECORDS, SHARED_PATIENT } from "./mitbih.ts";

export interface RecordChoice<Chosen extends RecordIdentity> {
  used: Chosen[];
  leftOut: string[];
}

function assignedNames(assigned: PreparationSettings["assigned"]): string[] {
  return assigned === undefined ? [] : [...assigned.validation, ...assigned.test];
}

/**
 * Chooses the recordings.
 * @param records usable recordings of the dataset
 * @throws EctopyError `not-found` for a recording that the dataset lacks; `nothing-usable` if none remains
 */
export function chooseRecords<Chosen extends RecordIdentity>(
  records: readonly Chosen[],
  settings: Pick<
    PreparationSettings,
    "protocol" | "records" | "withoutSharedPatient" | "withoutBothShared" | "assigned"
  >,
): RecordChoice<Chosen> {
  const requested = new Set([
    ...settings.records,
    ...(settings.records.length > 0 && settings.assigned !== undefined ? assignedNames(settings.assigned) : []),
  ]);
  for (const name of [...requested, ...assignedNames(settings.assigned)]) {
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
  const byPatient = ["inter-patient", "cross-validation", "external-test"].includes(settings.protocol);
  if (byPatient && isMitBih(chosen)) {
    for (const number of PACED_RECORDS) excluded.add(number);
    const hasShared = chosen.some((record) => mitBihNumber(record) === SHARED_PATIENT.train);
    if (settings.protocol === "inter-patient" && settings.withoutBothShared === true) {
      for (const number of Object.values(SHARED_PATIENT)) excluded.add(number);
    } else if (settings.protocol === "inter-patient" && settings.withoutSharedPatient && hasShared) {
      excluded.add(SHARED_PATIENT.test);
    }
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
