/** Verdicts and summary of a workspace check, as text. */
import type { WorkspaceCheck, WorkspaceFinding, WorkspaceHealth } from "../../../contract/domain/integrity.ts";
import { counted, formatTime } from "../../base/format.ts";

/** Result of one check. `skipped`: files were not compared with their hashes. */
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

/** Returns the findings that a repair of the workspace resolves. */
export function repairableOf(health: WorkspaceHealth): WorkspaceFinding[] {
  return health.checks.flatMap(({ findings }) => findings).filter(({ repairable }) => repairable);
}

/** Returns a summary: `Checked 29 Nov 2026, 14:05: 1 problem, 2 recommendations.` */
export function summaryOf(health: WorkspaceHealth): string {
  const findings = health.checks.flatMap((check) => check.findings);
  const count = (severity: WorkspaceFinding["severity"], noun: string): string[] => {
    const { length } = findings.filter((finding) => finding.severity === severity);
    return length === 0 ? [] : [counted(length, noun)];
  };
  const found = [...count("problem", "problem"), ...count("advice", "recommendation")];
  return `Checked ${formatTime(health.checkedAt)}: ${found.length === 0 ? "no problems" : found.join(", ")}.`;
}
