/** Messages between a preview thread and the service that owns it. */
import type { ErrorReport } from "../../contract/domain/errors.ts";
import type { PreparationSummary } from "../../contract/domain/preparation.ts";
import type { PreparationInput } from "./preparation-messages.ts";

/** Beats to count; nothing is stored. */
export type PreviewOrder = Omit<PreparationInput, "destination">;

export type PreviewRequest = { type: "count"; id: number; order: PreviewOrder } | { type: "cancel"; id: number };

export type PreviewReply = { id: number; summary: PreparationSummary } | { id: number; error: ErrorReport };
