/** Integrity of the workspace: verification of files, checks, and the bin. */
import { z } from "zod";

/** Kinds of items that are stored as folders. */
export const storedKinds = ["datasets", "preparations", "runs", "checkpoints"] as const;
export type StoredKind = (typeof storedKinds)[number];

/** A stored item. */
export interface StoredItem {
  kind: StoredKind;
  id: number;
}

/**
 * `sound`: every file has its stored hash. `unchecked`: stored by an earlier version, without hashes. `missing`: the
 * folder does not exist.
 */
export type VerifiedState = "sound" | "damaged" | "missing" | "unchecked";

export interface VerifiedItem extends StoredItem {
  state: VerifiedState;
  bytes: number;
  /** Damaged files and their problems. */
  damage: { name: string; problem: "missing" | "size" | "content" }[];
}

export interface VerificationReport {
  items: VerifiedItem[];
  /** Bytes read. */
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
  /** One sentence: the finding. */
  message: string;
  /** One sentence: what to do, or what the repair does. */
  fix: string;
  /** Whether a repair fixes it. */
  repairable: boolean;
  /** The damaged or missing item, where the finding is about one that can be restored. */
  item?: StoredItem;
}

export interface WorkspaceCheck {
  name: WorkspaceCheckName;
  /** Title, such as `Database`. */
  title: string;
  /** One sentence: what was checked, and the result. */
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

/** Options of a check. */
export const healthOptionsSchema = z.strictObject({
  /** Reads every stored file and compares it with its hash. */
  hashes: z.boolean(),
  /** Repairs all repairable findings. */
  repair: z.boolean(),
});
export type HealthOptions = z.infer<typeof healthOptionsSchema>;

export const binKinds = ["datasets", "preparations", "runs", "networks", "annotationSets"] as const;

export interface BinItem {
  kind: (typeof binKinds)[number];
  id: number;
  /** Title, such as `Run 3: ANN` or `mitdb`. */
  title: string;
  /** Size of its folders. */
  bytes: number;
  /** ISO 8601, UTC. */
  removedAt: string;
}

export interface Bin {
  items: BinItem[];
  /** Size of all folders. */
  bytes: number;
}

/** Days that items stay in the bin, unless it is emptied or the disk is full. */
export const BIN_DAYS = 30;
