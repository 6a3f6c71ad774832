/** Settings of a preparation as earlier versions stored them: the lead by position, the window in samples. */
import {
  preparationSettingsSchema,
  type PreparationSettings,
  type Protocol,
} from "../../src/contract/domain/preparation.ts";
import { defaultPreparation } from "../../src/contract/settings/defaults.ts";

export function earlierPreparation(protocol: Protocol): PreparationSettings {
  const byName = { leads: undefined, beforeMs: undefined, afterMs: undefined };
  const settings = { ...defaultPreparation(protocol), ...byName, signal: 0, before: 180, after: 180 };
  // JSON has no undefined; the schema gives the order of the keys.
  return preparationSettingsSchema.parse(JSON.parse(JSON.stringify(settings)));
}
