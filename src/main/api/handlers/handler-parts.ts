/** What every group of handlers is made of. */
import type { MethodName } from "../../../contract/api/method-names.ts";
import type { Answer, CheckedArguments } from "../../../contract/api/methods.ts";
import type { Services } from "../../services/compose.ts";
import type { EventHub } from "../../services/jobs/event-hub.ts";
import type { SignIns } from "../../services/exports/sign-ins.ts";
import type { JobService } from "../../services/jobs/jobs.ts";
import type { StartProcess } from "../../workers/processes/start-process.ts";
import type { RunQueue } from "../../services/training/run-queue.ts";
import type { PreferenceStore } from "../../store/preferences.ts";
import type { Workspace } from "../../store/workspace.ts";

export type Handlers = {
  [Name in MethodName]: (args: CheckedArguments<Name>) => Answer<Name> | Promise<Answer<Name>>;
};

export interface HandlerParts {
  workspace: Workspace;
  services: Services;
  jobs: JobService;
  queue: RunQueue;
  events: EventHub;
  preferences: PreferenceStore;
  startProcess: StartProcess;
  signIns: SignIns;
}

/** The methods whose names begin so. */
export type Some<Prefix extends string> = Pick<Handlers, Extract<MethodName, `${Prefix}.${string}`>>;

/** What is left open is as the user has it for the whole app. */
export function withThreads<T extends { threads: number }>(settings: T, preferences: PreferenceStore): T {
  return settings.threads === 0 ? { ...settings, threads: preferences.read().threads } : settings;
}
