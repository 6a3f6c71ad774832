/**
 * Addresses of recordings, so that any screen can link to a dataset, to a recording, and to a time in it:
 *
 *     /recordings                        the newest dataset
 *     /recordings/<dataset>              the recordings of a dataset
 *     /recordings/<dataset>/<record>     a recording, from its start
 *         ?t=<seconds>                   … with this time in the middle, and the beat at this time selected
 *         ?view=disclosure, events       … as lines of the whole recording, or as a list of events
 *         ?set=<name>                    … with the annotations of this set
 *         ?with=<name>                   … with those of another set beside them
 *
 * `t` is in seconds from the start of the recording, to the millisecond: `routeToRecord(1, "100", sample / rate)`.
 * Scrolling the recording keeps `t` up to date, so that the address can be saved and shared.
 */

export const RECORDINGS_PATH = "/recordings";

export function routeToDataset(dataset: number): string {
  return `${RECORDINGS_PATH}/${dataset}`;
}

/** Returns the address of the annotation sets of a dataset; with two names, of their comparison. */
export function routeToSets(dataset: number, compared?: { set: string; with: string }): string {
  const path = `/annotation-sets/${dataset}`;
  return compared === undefined ? path : `${path}/compare?${new URLSearchParams(compared).toString()}`;
}

/** @param time in s from the start of the recording */
export function routeToRecord(dataset: number, record: string, time?: number): string {
  const path = `${routeToDataset(dataset)}/${encodeURIComponent(record)}`;
  return time === undefined ? path : `${path}?t=${timeForAddress(time)}`;
}

/** Rounds to the millisecond, which keeps the address short. */
export function timeForAddress(time: number): string {
  return String(Math.round(time * 1000) / 1000);
}

/** @param query value of `t` in the router's query @returns null where it is not a time */
export function timeFromAddress(query: unknown): number | null {
  if (typeof query !== "string" || !/^\d{1,9}(\.\d+)?$/.test(query)) return null;
  return Number(query);
}
