/** `bench prepare FOLDER` and `bench train`: measured as the peers are measured beside them (bench/compare.ts). */
import { Argument, type Command } from "commander";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { trainingEnvironment } from "../../../engine/process-environment.ts";
import { networkNames, type NetworkName } from "../../../contract/training.ts";
import { entryPoint } from "../../entry-points.ts";
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

  bench
    .command("train")
    .description("time the training step of the reference networks, each in a process of its own; a JSON line each")
    .addArgument(new Argument("[networks...]", "which (default: all)").choices(networkNames))
    .action(async (networks: NetworkName[], _options: object, command: Command) => {
      const terminal = terminalOf(command);
      for (const network of networks.length === 0 ? networkNames : networks) {
        terminal.progress({ stage: `Measuring the ${network}`, done: 0, total: 0, unit: "steps" });
        const { stdout } = await promisify(execFile)(
          process.execPath,
          [fileURLToPath(entryPoint("bench-process")), network],
          {
            env: { ...process.env, ...trainingEnvironment({ network, threads: 0 }) },
          },
        );
        terminal.endProgress();
        // One line a network, as the peers print them, with and without --json.
        process.stdout.write(stdout);
      }
    });
}
