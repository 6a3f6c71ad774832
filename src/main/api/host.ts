/** The app behind every shell that has a window: services, jobs and events over one workspace, answering the method map. */
import { createServices, type Services } from "../services/compose.ts";
import { EventHub } from "../services/event-hub.ts";
import { JobService } from "../services/jobs.ts";
import type { PreferenceStore } from "../store/preferences.ts";
import { openWorkspace, type Workspace } from "../store/workspace.ts";
import { createHandlers, type Handlers } from "./handlers.ts";

export interface Host {
  handlers: Handlers;
  services: Services;
  jobs: JobService;
  workspace: Workspace;
  events: EventHub;
  /** Stops all jobs, writes down their ends, and lets go of the workspace. */
  close(): Promise<void>;
}

/**
 * Opens a workspace and owns it until closed.
 * @param warn told what a user should know; windows are told as well
 * @throws EctopyError `workspace-busy`, `workspace-unusable`, `disk-full`, `no-access`
 */
export function createHost(folder: string, preferences: PreferenceStore, warn: (message: string) => void): Host {
  const events = new EventHub();
  const notice = (message: string): void => {
    warn(message);
    events.emit("notice", { message });
  };
  const workspace = openWorkspace(folder, "write", warn);
  const services = createServices(workspace, notice);
  const jobs = new JobService(workspace.jobs, (job) => events.emit("job.changed", job), notice);
  return {
    handlers: createHandlers({ workspace, services, jobs, events, preferences }),
    services,
    jobs,
    workspace,
    events,
    close: async () => {
      await jobs.close();
      await services.recordings.close();
      workspace.close();
    },
  };
}
