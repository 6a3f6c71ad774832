/** Judges whether the samples stayed at their values of ten minutes after the start. */
import { median } from "../../statistics.ts";
import type { Sample } from "./measure.ts";

export interface Figure {
  name: string;
  /** Values at ten minutes and at the end, and the largest of all samples, as text. */
  reference: string;
  end: string;
  most: string;
  verdict: "stays" | "grows";
}

/** Minutes until caches are filled and the compiler has settled. */
const REFERENCE_MINUTE = 10;
/** Minutes of samples whose median is compared, after the first ten minutes and before the end. One sample is noise. */
const WINDOW_MINUTES = 10;

interface Criterion {
  name: string;
  of: (sample: Sample) => number;
  /** Accepted growth above the reference: a share of it, and an amount. */
  share: number;
  amount: number;
  unit: "MB" | "";
}

const MB = 1e6;
const criteria: readonly Criterion[] = [
  { name: "Resident memory", of: ({ rss }) => rss, share: 0.05, amount: 0, unit: "MB" },
  // The heap is a few megabytes, of which 5 % are few strings; beside the resident memory it shows the source of
  // growth.
  { name: "Heap in use", of: ({ heap }) => heap, share: 0.05, amount: 1 * MB, unit: "MB" },
  { name: "Buffers", of: ({ buffers }) => buffers, share: 0.05, amount: 1 * MB, unit: "MB" },
  // SQLite keeps the descriptor of a backup's closed connection for the next one: to close it would drop this one's
  // locks (POSIX).
  { name: "Handles", of: ({ handles }) => handles, share: 0, amount: 1, unit: "" },
  { name: "Threads", of: ({ threads }) => threads, share: 0, amount: 0, unit: "" },
  { name: "Child processes", of: ({ children }) => children, share: 0, amount: 0, unit: "" },
  // Rows of ended jobs, and free pages of the database.
  { name: "Workspace", of: ({ workspace }) => workspace, share: 0.05, amount: 2 * MB, unit: "MB" },
  { name: "Temporary entries", of: ({ temporary }) => temporary, share: 0, amount: 0, unit: "" },
];

/** @param minutes duration of the soak; a short one is judged from its middle on */
export function judge(samples: readonly Sample[], minutes: number): Figure[] {
  const from = minutes >= 2 * REFERENCE_MINUTE ? REFERENCE_MINUTE : minutes / 2;
  const window = Math.min(WINDOW_MINUTES, minutes / 4);
  const last = samples.at(-1)!.minute;
  const between = (start: number, end: number): Sample[] => {
    const found = samples.filter(({ minute }) => minute >= start && minute <= end);
    return found.length > 0 ? found : [samples.at(-1)!];
  };
  return criteria.map(({ name, of, share, amount, unit }) => {
    const reference = median(between(from, from + window).map(of));
    const end = median(between(last - window, last).map(of));
    const most = Math.max(...samples.map(of));
    const text = (value: number): string => (unit === "MB" ? `${(value / MB).toFixed(1)} MB` : String(value));
    const verdict = end > reference * (1 + share) + amount ? "grows" : "stays";
    return { name, reference: text(reference), end: text(end), most: text(most), verdict };
  });
}

export function csvOf(samples: readonly Sample[]): string {
  const names = Object.keys(samples[0] ?? {}) as (keyof Sample)[];
  return [names.join(","), ...samples.map((sample) => names.map((name) => sample[name]).join(",")), ""].join("\n");
}
