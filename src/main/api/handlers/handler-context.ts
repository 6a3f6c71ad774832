/** The types of all handlers, and what a handler may use. */
import type { MethodName } from "../../../contract/api/method-names.ts";
import type { Answer, CheckedArguments } from "../../../contract/api/methods.ts";
import type { Network } from "../../base/network/network.ts";
import type { Services } from "../../services/compose.ts";
import type { SignIns } from "../../services/exports/sign-ins.ts";
import type { PreferenceStore } from "../../store/preferences.ts";
import type { ExportedPlaces } from "../exports/start-export.ts";
import type { StartProcess } from "../../workers/processes/start-process.ts";

/** One function for each method of the map, called with checked arguments. */
export type Handlers = {
  [Name in MethodName]: (args: CheckedArguments<Name>) => Answer<Name> | Promise<Answer<Name>>;
};

/**
 * What a handler may use: the services of the open workspace, and what belongs to the app rather than to a workspace.
 */
export interface HandlerContext {
  services: Services;
  preferences: PreferenceStore;
  startProcess: StartProcess;
  exportedPlaces: ExportedPlaces;
  network: Network;
  signIns: SignIns;
}

/** Handlers of the methods whose names begin with a prefix. */
export type HandlersOf<Prefix extends string> = Pick<Handlers, Extract<MethodName, `${Prefix}.${string}`>>;

/** Replaces an unset number of threads (0) by the app's setting. */
export function withThreads<T extends { threads: number }>(settings: T, preferences: PreferenceStore): T {
  return settings.threads === 0 ? { ...settings, threads: preferences.read().threads } : settings;
}
