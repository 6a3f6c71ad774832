/** Recordings of a preparation: those of the settings without those that the protocol excludes. */
import { EctopyError } from "../../contract/domain/errors.ts";
import type { PreparationSettings } from "../../contract/domain/preparation.ts";
import { isMitBih, PACED_RECORDS, SHARED_PATIENT } from "./mitbih.ts";

export interface RecordChoice {
  used: string[];
  leftOut: string[];
}

/**
 * Chooses the recordings.
 * @param names usable recordings of the dataset
 * @throws EctopyError `not-found` for a recording that the dataset lacks; `nothing-usable` if none remains
 */
export function chooseRecords(
  names: readonly string[],
  settings: Pick<PreparationSettings, "protocol" | "records" | "withoutSharedPatient">,
): RecordChoice {
  const requested = new Set(settings.records);
  for (const name of requested) {
    if (!names.includes(name)) {
      throw new EctopyError(
        "not-found",
        `The dataset has no usable recording ${name}.`,
        "Choose recordings that the dataset's health report lists as usable.",
      );
    }
  }
  const chosen = names.filter((name) => requested.size === 0 || requested.has(name));
  const excluded = new Set<string>();
  const byPatient = settings.protocol === "inter-patient" || settings.protocol === "cross-validation";
  if (byPatient && isMitBih(chosen)) {
    for (const name of PACED_RECORDS) excluded.add(name);
    if (settings.protocol === "inter-patient" && settings.withoutSharedPatient && chosen.includes(SHARED_PATIENT.train))
      excluded.add(SHARED_PATIENT.test);
  }
  const used = chosen.filter((name) => !excluded.has(name));
  if (used.length === 0) {
    throw new EctopyError(
      "nothing-usable",
      "The protocol and the settings exclude all recordings.",
      "Choose more recordings, or another protocol.",
    );
  }
  return { used, leftOut: names.filter((name) => !used.includes(name)) };
}
