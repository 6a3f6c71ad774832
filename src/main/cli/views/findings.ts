/** Findings of an import as text: one line for each kind of finding, with the number of recordings. */
import type { FindingGroup } from "../../../contract/domain/finding-groups.ts";
import type { Finding } from "../../../contract/domain/recordings.ts";
import { formatInteger } from "../../../contract/text/format-number.ts";

/** Recordings that one line names. */
const MAX_NAMES = 5;

export function describeGroups(groups: readonly FindingGroup[], general: readonly Finding[]): string[] {
  return [
    ...general.map(({ severity, message, fix }) => line(severity, message, fix)),
    ...groups.map(({ severity, title, fix, records }) => {
      const [{ name, message }] = records;
      if (records.length === 1) return line(severity, `${name}: ${message}`, fix);
      const names = records.slice(0, MAX_NAMES).map((record) => record.name);
      const more = records.length > MAX_NAMES ? `, … (${formatInteger(records.length)} recordings)` : "";
      return line(severity, `${names.join(", ")}${more}: ${title}`, fix);
    }),
  ];
}

function line(severity: Finding["severity"], message: string, fix: string): string {
  return `  ${severity.padEnd(7)}  ${message}${fix === "" ? "" : ` ${fix}`}`;
}
