/** `log`: the newest entries of the workspace's log, or a report for support. */
import { Option, type Command } from "commander";
import { logLevels, MAX_LOG_ENTRIES, type LogLevel } from "../../../contract/domain/log.ts";
import { formatEntry } from "../../base/read-log.ts";
import { PreferenceStore } from "../../store/preferences.ts";
import { wholeNumber } from "../arguments.ts";
import { withSession } from "../session.ts";

const DEFAULT_LINES = 50;

interface Options {
  lines: number;
  level: LogLevel;
  supportReport?: boolean;
}

export function addLogCommand(program: Command): void {
  program
    .command("log")
    .description("print the log: what Ectopy did and which faults occurred, without signals, notes or names")
    .option("--lines <n>", "entries to print, the newest", wholeNumber(1, MAX_LOG_ENTRIES), DEFAULT_LINES)
    .addOption(new Option("--level <level>", "least severe entries to print").choices(logLevels).default("info"))
    .option("--support-report", "print a report for support: versions, machine, settings and the log")
    .action(async ({ lines, level, supportReport = false }: Options, command: Command) => {
      await withSession(command, "read", async ({ terminal, services: { log } }) => {
        if (supportReport) {
          const report = await log.supportReport(new PreferenceStore().read());
          terminal.say(report.text.trimEnd());
          terminal.document(report);
          return;
        }
        const entries = log.read({ lines, level });
        terminal.say(entries.length === 0 ? "The log has no entries." : entries.map(formatEntry).join("\n"));
        terminal.document({ entries });
      });
    });
}
