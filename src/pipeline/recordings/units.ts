/** Units of leads: which of them are voltages, and how they become mV. */

/** Units in a millivolt, by names in small letters, with both characters for micro. */
const UNITS_PER_MILLIVOLT: ReadonlyMap<string, number> = new Map([
  ["mv", 1],
  ["millivolt", 1],
  ["millivolts", 1],
  ["uv", 1000],
  ["µv", 1000],
  ["μv", 1000],
  ["microvolt", 1000],
  ["microvolts", 1000],
  ["nv", 1e6],
  ["nanovolt", 1e6],
  ["nanovolts", 1e6],
  ["v", 0.001],
  ["volt", 0.001],
  ["volts", 0.001],
]);

/**
 * Returns how many of a unit make a millivolt; null for a unit that is no voltage, or none.
 * @param units name in a file, such as `mV`, `µV` or `microvolts`
 */
export function unitsPerMillivolt(units: string): number | null {
  return UNITS_PER_MILLIVOLT.get(units.trim().toLowerCase()) ?? null;
}
