/**
 * Loggers, one a module of the program. Entries go to the log of the workspace that this process owns; without one they
 * are dropped, as they are in worker threads and training processes, whose faults their parent logs.
 */
import { isLogged, type LogLevel } from "../../contract/domain/log.ts";
import { Log, logFolder } from "./log.ts";
import { faultText } from "./log-text.ts";

/**
 * Writes entries of one module, by level. The text is Ectopy's own, with numbers of items at most: no names, no paths.
 * `fault`: what was thrown, as {@link faultText} describes it.
 */
export type Logger = Record<LogLevel, (text: string, fault?: unknown) => void>;

/** Logs of the workspaces that this process owns, the latest last. */
const opened: Log[] = [];
let leastLevel: LogLevel = "info";

/** Sets the level of all loggers of this process: less severe entries are dropped. */
export function setLogLevel(level: LogLevel): void {
  leastLevel = level;
}

/** Sends the following entries to a workspace's log. @returns a function that ends it */
export function openLog(workspaceFolder: string): () => void {
  const log = new Log(logFolder(workspaceFolder));
  opened.push(log);
  return () => {
    const index = opened.lastIndexOf(log);
    if (index >= 0) opened.splice(index, 1);
  };
}

/** @param module name of a part of Ectopy, such as `training` */
export function logger(module: string): Logger {
  const writer =
    (level: LogLevel): Logger[LogLevel] =>
    (text, ...faults) => {
      if (!isLogged(level, leastLevel)) return;
      opened.at(-1)?.write(level, module, [text, ...faults.map((fault) => faultText(fault))].join(": "));
    };
  return { error: writer("error"), warning: writer("warning"), info: writer("info"), debug: writer("debug") };
}
