/** Finds the findings of a workspace check about one stored item. */
import type { StoredItem, WorkspaceFinding, WorkspaceHealth } from "../../contract/domain/integrity.ts";

/** Returns the first finding about an item; null where there is none, or before the first check. */
export function findingAbout(health: WorkspaceHealth | null, { kind, id }: StoredItem): WorkspaceFinding | null {
  const findings = health?.checks.flatMap((check) => check.findings) ?? [];
  return findings.find(({ item }) => item?.kind === kind && item.id === id) ?? null;
}
