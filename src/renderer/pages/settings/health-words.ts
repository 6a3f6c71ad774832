/** What the last check of the workspace came to, in words. */
import type { WorkspaceCheck, WorkspaceFinding, WorkspaceHealth } from "../../../contract/domain/integrity.ts";
import { counted, formatTime } from "../../base/format.ts";

/** `skipped`: files were not compared with their hashes. */
export type Verdict = "sound" | "advice" | "problem" | "skipped";

export const verdictNames: Readonly<Record<Verdict, string>> = {
  sound: "OK",
  advice: "Recommendation",
  problem: "Problem",
  skipped: "Not checked",
};

export function verdictOf({ name, findings }: WorkspaceCheck, { hashes }: WorkspaceHealth): Verdict {
  if (findings.some(({ severity }) => severity === "problem")) return "problem";
  if (findings.length > 0) return "advice";
  return name === "hashes" && !hashes ? "skipped" : "sound";
}

/** What a repair of the workspace does. */
export function repairableOf(health: WorkspaceHealth): WorkspaceFinding[] {
  return health.checks.flatMap(({ findings }) => findings).filter(({ repairable }) => repairable);
}

/** `Checked 29 Nov 2026, 14:05: 1 problem, 2 recommendations.` */
export function summaryOf(health: WorkspaceHealth): string {
  const findings = health.checks.flatMap((check) => check.findings);
  const count = (wanted: WorkspaceFinding["severity"], noun: string): string[] => {
    const { length } = findings.filter(({ severity }) => severity === wanted);
    return length === 0 ? [] : [counted(length, noun)];
  };
  const found = [...count("problem", "problem"), ...count("advice", "recommendation")];
  return `Checked ${formatTime(health.checkedAt)}: ${found.length === 0 ? "no problems" : found.join(", ")}.`;
}
