/** Texts about data on other machines, the same in the window and on the command line. */
import { formatBytes } from "./format-bytes.ts";
import { counted } from "./format-number.ts";

const STAYS =
  "Recordings, header notes and patient labels are not copied. Other users can't read the folder (mode 0700); the " +
  "administrators of the machines can. It is deleted once all results are collected.";

/** Which data leave this machine, who can read them there, and when they are deleted. */
export const PRIVACY_TEXT =
  "An experiment copies beats, the names of their recordings, and the settings of the runs into a folder in the " +
  `shared one. ${STAYS}`;

interface Sent {
  /** Name of the executor, and its shared folder. */
  name: string;
  folder: string;
  bytes: number;
  recordings: number;
}

/** Returns what an experiment sends, and where. */
export function sentText({ name, folder, bytes, recordings }: Sent): string {
  const beats = `the beats of ${counted(recordings, "recording")} (${formatBytes(bytes)} for each preparation)`;
  return `Sent to ${name}, into a folder in ${folder}: ${beats}, the names of the recordings, and the settings of the runs. ${STAYS}`;
}
