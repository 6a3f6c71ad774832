/**
 * Facts about the MIT-BIH Arrhythmia Database: its records, its shared patient, and the inter-patient split.
 *
 * De Chazal, O'Dwyer & Reilly, Automatic classification of heartbeats using ECG morphology and heartbeat interval
 * features, IEEE Trans Biomed Eng 51(7), 2004, table I. Moody & Mark, IEEE Eng Med Biol 20(3), 2001, for 201 and 202.
 */
import type { RecordIdentity } from "../../contract/domain/dataset-records.ts";

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

/** Prefix of the database's records in `RecordIdentity.knownAs`. */
const DATABASE = "mitdb/";

type Known = Pick<RecordIdentity, "knownAs">;

/**
 * Returns the number of the database's record that a recording is, such as `100`; null if it is none. The data decide,
 * not the name: recordings of other origin have names such as 100, 101 and 201, too.
 */
export function mitBihNumber({ knownAs }: Known): string | null {
  return knownAs?.startsWith(DATABASE) === true ? knownAs.slice(DATABASE.length) : null;
}

/** Returns whether every recording is one of the database's, so that these facts apply. */
export function isMitBih(records: readonly Known[]): boolean {
  return records.length > 0 && records.every((record) => mitBihNumber(record) !== null);
}
