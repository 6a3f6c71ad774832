/** Which records a preparation uses: those the settings name, less those that the protocol leaves out. */
import { EctopyError } from "../../contract/domain/errors.ts";
import type { PreparationSettings } from "../../contract/domain/preparation.ts";
import { isMitBih, PACED_RECORDS, SHARED_PATIENT } from "./mitbih.ts";

export interface RecordChoice {
  used: string[];
  leftOut: string[];
}

/**
 * @param names the dataset's usable records
 * @throws EctopyError `not-found` for a record in the settings that the dataset lacks; `nothing-usable` if none is left
 */
export function chooseRecords(
  names: readonly string[],
  settings: Pick<PreparationSettings, "protocol" | "records" | "withoutSharedPatient">,
): RecordChoice {
  const wanted = new Set(settings.records);
  for (const name of wanted) {
    if (!names.includes(name)) {
      throw new EctopyError(
        "not-found",
        `The dataset has no usable record ${name}.`,
        "Choose records that the dataset's health report shows as usable.",
      );
    }
  }
  const chosen = names.filter((name) => wanted.size === 0 || wanted.has(name));
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
      "No record is left once the protocol's and the settings' records are taken out.",
      "Choose more records, or another protocol.",
    );
  }
  return { used, leftOut: names.filter((name) => !used.includes(name)) };
}
