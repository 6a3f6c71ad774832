/** Whether what is stored is whole: what a verification and a check of the workspace say, and the bin. */
import { z } from "zod";

/** What is stored in folders of their own. */
export const storedKinds = ["datasets", "preparations", "runs", "checkpoints"] as const;
export type StoredKind = (typeof storedKinds)[number];

/** One of them. */
export interface StoredItem {
  kind: StoredKind;
  id: number;
}

/**
 * `sound`: every file has the hash that it was stored with. `unchecked`: stored by an earlier version, without hashes.
 * `missing`: the database names a folder that is not there.
 */
export type VerifiedState = "sound" | "damaged" | "missing" | "unchecked";

export interface VerifiedItem extends StoredItem {
  state: VerifiedState;
  bytes: number;
  /** Files that are not as they were stored, and how. */
  damage: { name: string; problem: "missing" | "size" | "content" }[];
}

export interface VerificationReport {
  items: VerifiedItem[];
  /** Bytes that were read. */
  bytes: number;
  seconds: number;
}

export const workspaceCheckNames = [
  "database",
  "backups",
  "folders",
  "hashes",
  "space",
  "rights",
  "location",
  "leftovers",
] as const;
export type WorkspaceCheckName = (typeof workspaceCheckNames)[number];

/** One finding of a check. */
export interface WorkspaceFinding {
  /** `problem`: something is lost or at risk; `advice`: nothing is lost. */
  severity: "problem" | "advice";
  /** One sentence: what was found. */
  message: string;
  /** One sentence: what to do, or what a repair does. */
  fix: string;
  /** Whether {@link WorkspaceCheckName}'s repair does it. */
  repairable: boolean;
  /** What is damaged or missing, where the finding is about one item that can be made again. */
  item?: StoredItem;
}

export interface WorkspaceCheck {
  name: WorkspaceCheckName;
  /** Such as `Database`. */
  title: string;
  /** One sentence: what was looked at, and what it came to. */
  summary: string;
  findings: WorkspaceFinding[];
}

export interface WorkspaceHealth {
  checks: WorkspaceCheck[];
  /** Whether every file was read and compared with its hash. */
  hashes: boolean;
  /** ISO 8601, UTC. */
  checkedAt: string;
}

/** What a check includes. */
export const healthOptionsSchema = z.strictObject({
  /** Reads every stored file and compares it with its hash. */
  hashes: z.boolean(),
  /** Repairs what can be repaired. */
  repair: z.boolean(),
});
export type HealthOptions = z.infer<typeof healthOptionsSchema>;

export const binKinds = ["datasets", "preparations", "runs", "models"] as const;

export interface BinItem {
  kind: (typeof binKinds)[number];
  id: number;
  /** Such as `Run 3: ANN` or `mitdb`. */
  title: string;
  /** Of its folders. */
  bytes: number;
  /** ISO 8601, UTC. */
  removedAt: string;
}

export interface Bin {
  items: BinItem[];
  /** Of all its folders. */
  bytes: number;
}

/** Items stay in the bin this long, unless it is emptied or the disk is full. */
export const BIN_DAYS = 30;
