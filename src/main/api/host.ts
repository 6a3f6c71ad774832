/** The app behind every shell that has a window: services, jobs and events over one workspace, answering the method map. */
import { reportError } from "../../contract/domain/errors.ts";
import { sweepTemporary } from "../base/temporary.ts";
import { createServices, type Services } from "../services/compose.ts";
import { EventHub } from "../services/jobs/event-hub.ts";
import { SignIns, type Keychain } from "../services/exports/sign-ins.ts";
import { JobService } from "../services/jobs/jobs.ts";
import { RunQueue, type RunEvent } from "../services/training/run-queue.ts";
import { startUpkeep } from "../services/workspace/upkeep.ts";
import { startNodeProcess } from "../workers/processes/node-process.ts";
import type { StartProcess } from "../workers/processes/start-process.ts";
import type { PreferenceStore } from "../store/preferences.ts";
import { openWorkspace, type Workspace } from "../store/workspace.ts";
import { createHandlers } from "./handlers/create-handlers.ts";
import type { Handlers } from "./handlers/handler-parts.ts";
import { tellOfItems } from "./tell-of-items.ts";

export interface Host {
  handlers: Handlers;
  services: Services;
  jobs: JobService;
  queue: RunQueue;
  workspace: Workspace;
  events: EventHub;
  /**
   * Stops all jobs, writes down their ends, leaves a training with a checkpoint, to be taken up again, and lets go of the
   * workspace.
   */
  close(): Promise<void>;
}

/** What the shell brings. */
export interface ShellParts {
  /** Node's, where it brings none. */
  startProcess?: StartProcess;
  /** Without one, no password is kept. */
  keychain?: Keychain;
}

/**
 * Opens a workspace and owns it until closed.
 * @param warn told what a user should know; windows are told as well
 * @throws EctopyError `workspace-busy`, `workspace-unusable`, `disk-full`, `no-access`
 */
export function createHost(
  folder: string,
  preferences: PreferenceStore,
  warn: (message: string) => void,
  { startProcess = startNodeProcess, keychain }: ShellParts = {},
): Host {
  const events = new EventHub();
  const notice = (message: string): void => {
    warn(message);
    events.emit("notice", { message });
  };
  const workspace = openWorkspace(folder, "write", notice);
  const leaveTemporary = sweepTemporary(workspace.folder);
  const services = createServices(workspace, notice, startProcess);
  services.bin.onEmptied = (items) => tellOfItems(events, items);
  const jobs = new JobService(workspace.jobs, (job) => events.emit("job.changed", job), notice);
  const endUpkeep = startUpkeep({ workspace, ...services, warn: notice });
  const queue = new RunQueue(services.training, (event) => tellOfRun(events, event));
  return {
    handlers: createHandlers({
      workspace,
      services,
      jobs,
      queue,
      events,
      preferences,
      startProcess,
      signIns: new SignIns(preferences, keychain ?? null),
    }),
    services,
    jobs,
    queue,
    workspace,
    events,
    close: async () => {
      await Promise.all([jobs.close(), queue.close()]);
      await Promise.all([services.recordings.close(), services.comparison.close(), endUpkeep()]);
      leaveTemporary();
      workspace.close();
    },
  };
}

function tellOfRun(events: EventHub, event: RunEvent): void {
  const { run } = event;
  switch (event.type) {
    case "changed":
      return events.emit("run.changed", { run });
    case "progress":
      return events.emit("run.progress", { run, progress: event.progress });
    case "evaluating":
      return events.emit("run.evaluating", { run, progress: event.progress });
    case "steps":
      return events.emit("run.steps", { run, curves: event.curves });
    case "epoch":
      return events.emit("run.epoch", { run, metrics: event.metrics });
    case "logged":
      return events.emit("run.logged", { run, entry: event.entry });
    case "blocked":
      return events.emit("run.blocked", { run, reason: reportError(event.reason) });
  }
}
