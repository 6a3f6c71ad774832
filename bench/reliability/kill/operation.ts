/** An operation that is killed, with its results inside and outside the workspace. */
import type { Finding } from "../findings.ts";
import type { KeptKind, WorkspaceState } from "../workspace-state.ts";
import type { RoundPlace } from "./template-workspace.ts";

export type Target = "all" | "parent" | "training";

export interface Operation {
  name: string;
  /** Processes that may be killed, drawn uniformly; a repeated name is more likely. */
  targets: readonly Target[];
  /** Arguments of the command line. */
  args: (place: RoundPlace, attempt: number) => string[];
  /** Arguments that repeat it; null: it was completed. */
  again: (place: RoundPlace, attempt: number, state: WorkspaceState) => string[] | null;
  /** Kind of the folder that it adds to the workspace. */
  makes: KeptKind | null;
  /** Its results outside the workspace. */
  outside: Outside | null;
}

/** Results of an operation outside the workspace. */
export interface Outside {
  /** Called before an attempt. @param variant uniform in [0, 1) */
  prepare: (place: RoundPlace, variant: number) => void;
  /** Stores the results of undisturbed attempts, to compare. @param attempt {@link FIRST_ATTEMPT}, then less */
  remember: (place: RoundPlace, attempt: number) => Promise<void>;
  afterKill: (place: RoundPlace) => Finding[];
  afterAgain: (place: RoundPlace, attempt: number) => Promise<Finding[]>;
}

/** Undisturbed attempts count down from here; rounds count up from 1. */
export const FIRST_ATTEMPT = -1;
