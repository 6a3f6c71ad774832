import type { Command } from "commander";
import { modelFormatNames, modelFormats, type ExportReport } from "../../../contract/exports.ts";
import { nonEmpty, wholeNumbers } from "../arguments.ts";
import { withSession, type Session } from "../session.ts";

export function addExportCommand(program: Command): void {
  const group = program.command("export").description("hand runs on to other programs");
  for (const format of modelFormats) {
    add(group, format, `models as ${modelFormatNames[format]}, each with its card and an example`, (session, run, to) =>
      session.services.exports.model(run, format, to),
    );
  }
}

type Export = (session: Session, run: number, to: string) => Promise<ExportReport>;

function add(group: Command, name: string, description: string, work: Export): void {
  group
    .command(name)
    .description(description)
    .argument("<runs...>", "numbers of the runs", wholeNumbers(1))
    .requiredOption("--to <folder>", "where to; it is made where it is not there", nonEmpty)
    .action(async (runs: number[], { to }: { to: string }, command: Command) => {
      await withSession(command, "read", async (session) => {
        const reports: ({ run: number } & ExportReport)[] = [];
        for (const run of runs) {
          session.signal.throwIfAborted();
          const report = await work(session, run, to);
          session.terminal.say(`Run ${run}: ${report.place} (${report.outcome}). ${report.hint}`);
          reports.push({ run, ...report });
        }
        session.terminal.document(reports);
      });
    });
}
