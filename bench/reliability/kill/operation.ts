/** An operation that is killed, and what is looked at around it. */
import type { Finding } from "../findings.ts";
import type { KeptKind, WorkspaceState } from "../workspace-state.ts";
import type { RoundPlace } from "./mother.ts";

export type Target = "all" | "parent" | "training";

export interface Operation {
  name: string;
  /** Who may be killed; each as likely as it is often named. */
  targets: readonly Target[];
  /** Of the command line. */
  args: (place: RoundPlace, attempt: number) => string[];
  /** How it is done again; null: it is done already. */
  again: (place: RoundPlace, attempt: number, state: WorkspaceState) => string[] | null;
  /** What it adds to the workspace. */
  makes: KeptKind | null;
  /** What it writes elsewhere. */
  outside: Outside | null;
}

/** What an operation writes outside the workspace. */
export interface Outside {
  /** Before an attempt. @param variant uniform in [0, 1) */
  prepare: (place: RoundPlace, variant: number) => void;
  /** Keeps what undisturbed attempts wrote, to compare. @param attempt {@link FIRST_ATTEMPT}, then less */
  remember: (place: RoundPlace, attempt: number) => Promise<void>;
  afterKill: (place: RoundPlace) => Finding[];
  afterAgain: (place: RoundPlace, attempt: number) => Promise<Finding[]>;
}

/** Undisturbed attempts count down from here; rounds count up from 1. */
export const FIRST_ATTEMPT = -1;
