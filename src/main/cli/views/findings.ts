/** Findings of an import as text: one line for each kind of finding, with the number of recordings. */
import { verdictOf, type FindingGroup, type Verdict } from "../../../contract/domain/finding-groups.ts";
import type { Finding } from "../../../contract/domain/recordings.ts";
import { formatInteger } from "../../../contract/text/format-number.ts";

/** Recordings that one line names. */
const MAX_NAMES = 5;

export function describeGroups(groups: readonly FindingGroup[], general: readonly Finding[]): string[] {
  return [
    ...general.map((finding) => line(finding, finding.message, finding.fix)),
    ...groups.map((group) => {
      const { title, fix, records } = group;
      const [{ name, message }] = records;
      if (records.length === 1) return line(group, `${name}: ${message}`, fix);
      const names = records.slice(0, MAX_NAMES).map((record) => record.name);
      const more = records.length > MAX_NAMES ? `, … (${formatInteger(records.length)} recordings)` : "";
      return line(group, `${names.join(", ")}${more}: ${title}`, fix);
    }),
  ];
}

const verdicts: Readonly<Record<Verdict, string>> = {
  damaged: "damaged",
  unsupported: "not supported",
  unusable: "not usable",
  warning: "warning",
  note: "note",
};

function line(finding: Pick<Finding, "severity" | "code">, message: string, fix: string): string {
  return `  ${verdicts[verdictOf(finding)].padEnd(7)}  ${message}${fix === "" ? "" : ` ${fix}`}`;
}
