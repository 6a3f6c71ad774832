/** The workspace's log, for windows and the command line. */
import type { LogEntry, LogLevel, SupportReport } from "../../../contract/domain/log.ts";
import type { Settings } from "../../../contract/settings/app-settings.ts";
import { logFolder } from "../../base/log.ts";
import { readLog } from "../../base/read-log.ts";
import type { Workspace } from "../../store/workspace.ts";
import type { HardwareService } from "../hardware/hardware.ts";
import { writeSupportReport } from "./support-report.ts";

export class LogService {
  readonly #workspace: Workspace;
  readonly #hardware: HardwareService;

  constructor(workspace: Workspace, hardware: HardwareService) {
    this.#workspace = workspace;
    this.#hardware = hardware;
  }

  /** Returns the newest entries that are at least as severe as a level, oldest first. */
  read(options: { lines: number; level: LogLevel }): LogEntry[] {
    return readLog(logFolder(this.#workspace.folder), options);
  }

  /** Returns a report for support. It holds no paths, no names of recordings and no signals. */
  async supportReport(settings: Settings): Promise<SupportReport> {
    return writeSupportReport(this.#workspace, settings, await this.#hardware.backends());
  }
}
