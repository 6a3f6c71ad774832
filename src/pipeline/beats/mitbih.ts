/**
 * Facts about the MIT-BIH Arrhythmia Database: its records, its shared patient, and the inter-patient split.
 *
 * De Chazal, O'Dwyer & Reilly, Automatic classification of heartbeats using ECG morphology and heartbeat interval
 * features, IEEE Trans Biomed Eng 51(7), 2004, table I. Moody & Mark, IEEE Eng Med Biol 20(3), 2001, for 201 and 202.
 */

/** Training records, each of one patient. */
export const DS1: readonly string[] = (
  "101 106 108 109 112 114 115 116 118 119 122 124 " + "201 203 205 207 208 209 215 220 223 230"
).split(" ");

/** Test records. */
export const DS2: readonly string[] = (
  "100 103 105 111 113 117 121 123 " + "200 202 210 212 213 214 219 221 222 228 231 232 233 234"
).split(" ");

/** Records with paced beats, which AAMI EC57 excludes. */
export const PACED_RECORDS: readonly string[] = ["102", "104", "107", "217"];

/** Two records of one patient, one in DS1 and one in DS2. */
export const SHARED_PATIENT = { train: "201", test: "202" } as const;

const RECORDS = new Set([...DS1, ...DS2, ...PACED_RECORDS]);

/** Returns whether every record is one of the database's 48, so that these facts apply. */
export function isMitBih(recordNames: readonly string[]): boolean {
  return recordNames.length > 0 && recordNames.every((name) => RECORDS.has(name));
}

/**
 * Returns the patient of each record, numbered from 0 in order of appearance. Only 201 and 202 of MIT-BIH share a
 * patient.
 */
export function patientsOf(recordNames: readonly string[]): number[] {
  const mitBih = isMitBih(recordNames);
  const numbers = new Map<string, number>();
  return recordNames.map((name) => {
    const patient = mitBih && name === SHARED_PATIENT.test ? SHARED_PATIENT.train : name;
    const number = numbers.get(patient) ?? numbers.size;
    numbers.set(patient, number);
    return number;
  });
}
