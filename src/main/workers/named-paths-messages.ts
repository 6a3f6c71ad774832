/** Messages between the app and the process that reads the folders that a user names. */
import type { ErrorReport } from "../../contract/domain/errors.ts";
import type { NamedPathsTasks } from "./named-paths-tasks.ts";

export type NamedPathsRequest = {
  [Name in keyof NamedPathsTasks]: { task: Name; input: NamedPathsTasks[Name]["input"] };
}[keyof NamedPathsTasks];

/** Sent once the process can answer: the time limit of its first question begins then, however busy the machine is. */
export const READY = "ready";

export type NamedPathsReply = { output: unknown } | { error: ErrorReport };
export type NamedPathsMessage = typeof READY | NamedPathsReply;
