/**
 * The app behind every shell that has a window: the services over one workspace, and the handlers of the method map.
 */
import { Network } from "../base/network/network.ts";
import type { SystemProxy } from "../base/network/proxy.ts";
import { setLogLevel } from "../base/logger.ts";
import { SignIns, type Keychain } from "../services/exports/sign-ins.ts";
import { openServices, type Services } from "../services/compose.ts";
import type { PreferenceStore } from "../store/preferences.ts";
import { startNodeProcess } from "../workers/processes/node-process.ts";
import type { StartProcess } from "../workers/processes/start-process.ts";
import { ExportedPlaces, type ExportContext } from "./exports/start-export.ts";
import { createHandlers } from "./handlers/create-handlers.ts";
import type { Handlers } from "./handlers/handler-context.ts";

export interface Host extends Pick<Services, "workspace" | "events" | "jobs" | "queue" | "close"> {
  handlers: Handlers;
  services: Services;
  /** For exports that a shell starts or opens itself. */
  exporting: ExportContext;
}

/** Settings that differ between the command line, the server and Electron. */
export interface HostOptions {
  /** Starts Ectopy's child processes; Node's way where absent. */
  startProcess?: StartProcess;
  /** Encrypts passwords; without one, no password is stored. */
  keychain?: Keychain;
  /** Returns the proxies of the system's settings. */
  systemProxy?: SystemProxy;
}

/**
 * Opens a workspace and owns it until it is closed.
 * @param warn called with each sentence for the user; windows receive it as the event `notice` as well
 * @throws EctopyError `workspace-busy`, `workspace-unusable`, `disk-full`, `no-access`
 */
export function createHost(
  folder: string,
  preferences: PreferenceStore,
  warn: (message: string) => void,
  { startProcess = startNodeProcess, keychain, systemProxy }: HostOptions = {},
): Host {
  setLogLevel(preferences.read().logLevel);
  const network = new Network({ systemProxy, authorityFile: () => preferences.read().authorityFile });
  const services = openServices(folder, { mode: "write", warn, startProcess, upkeep: true, network });
  const { workspace, events, jobs, queue, close } = services;
  const signIns = new SignIns(preferences, keychain ?? null);
  const exporting = { services, startProcess, exportedPlaces: new ExportedPlaces(), network };
  const handlers = createHandlers({ ...exporting, preferences, signIns });
  return { handlers, services, exporting, workspace, events, jobs, queue, close };
}
