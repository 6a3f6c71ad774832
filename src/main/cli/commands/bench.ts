/** `bench prepare FOLDER`: the reference preparation, measured as Python's stack is measured beside it. */
import type { Command } from "commander";
import { defaultPreparation } from "../../../contract/defaults.ts";
import { parts } from "../../../contract/preparation.ts";
import { formatInteger, formatTable } from "../format.ts";
import { terminalOf } from "../session.ts";
import { prepareBeats } from "../../jobs/prepare-beats.ts";
import { listRecords } from "../../jobs/record-files.ts";

export function addBenchCommand(program: Command): void {
  const bench = program.command("bench").description("measure this machine");
  bench
    .command("prepare")
    .description("time the reference preparation of a folder: read, denoise, SMOTE, cap and split; nothing is stored")
    .argument("<folder>", "folder of WFDB recordings, such as MIT-BIH's")
    .option("--per-record", "denoise whole records instead of each beat")
    .action(async (given: string, options: { perRecord?: boolean }, command: Command) => {
      const terminal = terminalOf(command);
      const { folder, names } = listRecords(given);
      const settings = defaultPreparation("reference");
      const prepared = await prepareBeats({
        folder,
        names,
        settings: { ...settings, denoising: options.perRecord === true ? "record" : "beat" },
        progress: terminal.progress,
        signal: new AbortController().signal,
      });
      terminal.endProgress();
      const { summary } = prepared;
      const small = Object.values(summary.leftOut.smallClasses).reduce((a, b) => a + b, 0);
      const measured = {
        // As the comparison counts: before small classes are dropped.
        beats: summary.beats + small,
        classes: summary.labels.length,
        balanced: parts.reduce((sum, part) => sum + summary.totals[part], 0),
        split: parts.map((part) => summary.totals[part]),
        seconds: Object.fromEntries(Object.entries(prepared.seconds).map(([k, v]) => [k, Math.round(v * 100) / 100])),
        // Worker threads live in this process: their memory is counted in. ru_maxrss is in KiB.
        peak_mb: Math.round(process.resourceUsage().maxRSS / 1024),
      };
      const rows = Object.entries(prepared.seconds).map(([stage, seconds]) => [
        stage.replace("_", ", "),
        seconds.toFixed(2),
      ]);
      terminal.say(
        `${formatInteger(measured.beats)} beats, ${measured.classes} classes, ${formatInteger(measured.balanced)} balanced, split ${measured.split.map(formatInteger).join(" / ")}; peak ${formatInteger(measured.peak_mb)} MB\n\n${formatTable(["Stage", "Seconds>"], rows)}`,
      );
      terminal.document(measured);
    });
}
