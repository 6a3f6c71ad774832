/** Why recordings of a preparation were not read, and refusals where none, or an unfit one, was. */
import { EctopyError } from "../../contract/domain/errors.ts";
import type { PreparationSettings } from "../../contract/domain/preparation.ts";

export function allShared(): EctopyError {
  return new EctopyError(
    "nothing-usable",
    "All recordings, or their patients, are in the test dataset too: none is left for training.",
    "Choose another dataset as the test set.",
  );
}

export function lacksLeads(settings: PreparationSettings): string {
  const second = settings.recipe?.leads === 2 ? ", or no second ECG lead" : "";
  return `It has no lead ${leadsNamed(settings)}${second}.`;
}

function leadsNamed({ signal, leads = [] }: PreparationSettings): string {
  return signal === undefined ? leads.join(" or ") : String(signal + 1);
}

export function refuseNoRecords(records: readonly unknown[], reasons: Readonly<Record<string, string>>): void {
  if (records.length > 0) return;
  const [[name, reason]] = Object.entries(reasons);
  const others = Object.keys(reasons).length - 1;
  throw new EctopyError(
    "nothing-usable",
    `No recording has a usable lead. Recording ${name}: ${reason}${others > 0 ? ` ${others} more have none either.` : ""}`,
    "Choose other leads, or other recordings.",
  );
}

/** Refuses different sampling rates for a window in samples, as earlier versions did: it would have another duration. */
export function refuseMixedRates(records: readonly { name: string; rate: number }[]): void {
  const [first] = records;
  const other = records.find(({ rate }) => rate !== first?.rate);
  if (first && other) {
    throw new EctopyError(
      "invalid-settings",
      `Recordings ${first.name} (${first.rate} Hz) and ${other.name} (${other.rate} Hz) have different sampling rates.`,
      "Give the window in milliseconds: recordings are then resampled to one rate.",
    );
  }
}

export function unlabelled(choice: { sets: readonly string[] }): EctopyError {
  return new EctopyError(
    "nothing-usable",
    `No recording has annotations by ${choice.sets.join(" or ")}.`,
    "Choose another annotation set of the dataset.",
  );
}

/** Returns why a recording has no labels, one sentence. */
export function lacksSets({ sets }: { sets: readonly string[] }): string {
  return `It has no annotations by ${sets.join(" or ")}.`;
}
