/** Settings that the user left open, and that were chosen for a machine. */
import { tunedSettings, type TrainingSettings } from "../../../contract/domain/training.ts";

/** Returns the settings with the names of those that were chosen for the machine. A resumed run keeps the names of its first start. */
export function withTuned(stored: TrainingSettings, settings: TrainingSettings): TrainingSettings {
  const isOpen = (value: number | string): boolean => value === 0 || value === "auto";
  const tuned = tunedSettings.filter((key) => isOpen(stored[key]) && !isOpen(settings[key]));
  return tuned.length === 0 ? settings : { ...settings, tuned };
}
