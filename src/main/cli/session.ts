/** Session of a command: its terminal, the open workspace with its services, and Ctrl-C as an abort signal. */
import { type Command } from "commander";
import { CancelledError } from "../../contract/domain/errors.ts";
import { systemError } from "../../contract/domain/system-errors.ts";
import type { NetworkSpec } from "../../contract/domain/networks.ts";
import { beforeCrash } from "../base/crash.ts";
import { logFolder } from "../base/log.ts";
import { logger, setLogLevel } from "../base/logger.ts";
import { onStopSignals } from "../base/stop-signals.ts";
import { openServices, type Services } from "../services/compose.ts";
import { NetworkService } from "../services/networks/networks.ts";
import { chosenWorkspace, PreferenceStore } from "../store/preferences.ts";
import { hasDatabase, openWorkspace } from "../store/workspace.ts";
import { terminalOf, type GlobalOptions, type Terminal } from "./terminal.ts";

const log = logger("cli");

export interface Session {
  terminal: Terminal;
  services: Services;
  /** Aborted by the first Ctrl-C; the second ends the process. */
  signal: AbortSignal;
}

/**
 * Runs a command's work with the workspace open, and closes the workspace in every case.
 * @param mode `read` for commands that change nothing: they work while another Ectopy process owns the workspace
 */
export async function withSession(
  command: Command,
  mode: "read" | "write",
  work: (session: Session) => Promise<void> | void,
): Promise<void> {
  const terminal = terminalOf(command);
  setLogLevel(new PreferenceStore().read().logLevel);
  const services = openServices(workspaceFolder(command), { mode, warn: terminal.warn });
  const { folder } = services.workspace;
  if (mode === "write") services.backups.requestDaily();
  const interrupt = new AbortController();
  const ignoreSignals = onStopSignals(() => {
    terminal.warn("Stopping; stored data is kept. Press Ctrl-C again to end at once.");
    interrupt.abort();
  });
  const dutyDone = beforeCrash({
    logs: mode === "write" ? logFolder(folder) : undefined,
    // The terminal shows the error already, with its stack trace.
    tell: () => terminal.endProgress(),
    close: services.close,
  });
  try {
    await work({ terminal, services, signal: interrupt.signal });
  } catch (error) {
    if (!(error instanceof CancelledError)) log.error(`The command ${command.name()} failed`, error);
    // A system error that no step has described: errors of the database's files name no path.
    const path = error instanceof Error && "path" in error ? String(error.path) : `the workspace ${folder}`;
    throw systemError(error, path);
  } finally {
    ignoreSignals();
    terminal.endProgress();
    await services.close();
    dutyDone();
  }
}

/** Returns whether the workspace exists, so that a command can read it. */
export function hasWorkspace(command: Command): boolean {
  return hasDatabase(workspaceFolder(command));
}

/** Returns a lookup of saved networks by name; it finds nothing where there is no workspace. */
export function savedNetworks(command: Command): (name: string) => NetworkSpec | undefined {
  return (name) => {
    if (!hasWorkspace(command)) return undefined;
    const terminal = terminalOf(command);
    const workspace = openWorkspace(workspaceFolder(command), "read", terminal.warn);
    try {
      return new NetworkService(workspace).find(name)?.network;
    } finally {
      workspace.close();
    }
  };
}

/** Returns the workspace folder: from the option, else from the environment, else from the app's settings. */
export function workspaceFolder(command: Command): string {
  return chosenWorkspace(command.optsWithGlobals<GlobalOptions>().workspace);
}
