/**
 * Addresses of recordings, here alone, so that any screen can lead to a dataset's records, to one of them, and to a moment of it:
 *
 *     /recordings                        the newest dataset
 *     /recordings/<dataset>              the records of a dataset
 *     /recordings/<dataset>/<record>     a record, from its beginning
 *         ?t=<seconds>                   … with this time in the middle, and the beat that stands there selected
 *
 * `t` is in seconds from the record's start, to the millisecond: `routeToRecord(1, "100", sample / rate)`. Moving through the record
 * keeps `t` up to date, so that the address can be kept, sent to a colleague and gone back to.
 */

export const RECORDINGS_PATH = "/recordings";

export function routeToDataset(dataset: number): string {
  return `${RECORDINGS_PATH}/${dataset}`;
}

/** @param time in s from the record's start */
export function routeToRecord(dataset: number, record: string, time?: number): string {
  const path = `${routeToDataset(dataset)}/${encodeURIComponent(record)}`;
  return time === undefined ? path : `${path}?t=${timeForAddress(time)}`;
}

/** Rounds to the millisecond: no longer than it needs to be. */
export function timeForAddress(time: number): string {
  return String(Math.round(time * 1000) / 1000);
}

/** @param query as the router gives it @returns null where there is no time in it */
export function timeFromAddress(query: unknown): number | null {
  if (typeof query !== "string" || !/^\d{1,9}(\.\d+)?$/.test(query)) return null;
  return Number(query);
}
