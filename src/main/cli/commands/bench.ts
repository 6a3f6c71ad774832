/**
 * `bench prepare FOLDER` and `bench train`: measured in the same way as other programs (bench/compare.ts).
 */
import { join } from "node:path";
import { Argument, Option, type Command } from "commander";
import { networkNames, precisions, type NetworkName, type Precision } from "../../../contract/domain/training.ts";
import { chooseGpu } from "../../services/hardware/gpu.ts";
import { measureReference } from "../../services/hardware/measure-steps.ts";
import { startNodeProcess } from "../../workers/processes/node-process.ts";
import { defaultPreparation } from "../../../contract/settings/defaults.ts";
import { setNames } from "../../../contract/domain/preparation.ts";
import { formatTable } from "../format.ts";
import { formatInteger } from "../../../contract/text/format-number.ts";
import { pathArgument } from "../arguments.ts";
import { backendOption, type BackendOption } from "../backend-option.ts";
import { terminalOf } from "../terminal.ts";
import { prepareBeats } from "../../workers/prepare-beats.ts";
import { findRecordings } from "../../workers/find-recordings.ts";

/** Sampling rate of MIT-BIH, at which the study cuts beats. */
const REFERENCE_RATE_HZ = 360;

export function addBenchCommand(program: Command): void {
  const bench = program.command("bench").description("measure this machine");
  bench
    .command("prepare")
    .description("time the reference preparation of a folder: read, filter, SMOTE, cap and split; nothing is stored")
    .argument("<folder>", "folder of WFDB recordings, such as MIT-BIH's", pathArgument)
    .option("--per-record", "filter whole recordings instead of single beats")
    .action(async (given: string, options: { perRecord?: boolean }, command: Command) => {
      const terminal = terminalOf(command);
      // Beats are read from one folder.
      const found = findRecordings(given).recordings;
      const [{ place }] = found;
      const names = found.filter((recording) => recording.place === place).map(({ name }) => name);
      const settings = defaultPreparation("reference");
      const prepared = await prepareBeats({
        folder: join(given, place),
        records: names.map((name) => ({ name, patient: null, knownAs: null, leads: [], rate: REFERENCE_RATE_HZ })),
        settings: { ...settings, denoising: options.perRecord === true ? "record" : "beat" },
        progress: terminal.progress,
        signal: new AbortController().signal,
      });
      terminal.endProgress();
      const { summary } = prepared;
      const small = Object.values(summary.leftOut.smallClasses).reduce((a, b) => a + b, 0);
      const measured = {
        // The comparison counts beats before small classes are excluded.
        beats: summary.beats + small,
        classes: summary.labels.length,
        balanced: setNames.reduce((sum, set) => sum + summary.totals[set], 0),
        split: setNames.map((set) => summary.totals[set]),
        seconds: Object.fromEntries(Object.entries(prepared.seconds).map(([k, v]) => [k, Math.round(v * 100) / 100])),
        // Worker threads belong to this process: their memory is included. ru_maxrss is in KiB.
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
    .description(
      "time a training step of the reference networks, each in a separate process; one JSON line per network",
    )
    .addArgument(new Argument("[networks...]", "networks to measure (default: all)").choices(networkNames))
    .addOption(
      new Option("--precision <name>", "number format of matrix products").choices(precisions).default("float32"),
    )
    .addOption(backendOption())
    .action(async (networks: NetworkName[], options: BackendOption & { precision: Precision }, command: Command) => {
      const { precision, backend } = options;
      const terminal = terminalOf(command);
      const device = await chooseGpu(startNodeProcess);
      for (const network of networks.length === 0 ? networkNames : networks) {
        terminal.progress({ stage: `Measuring the ${network}`, done: 0, total: 0, unit: "steps" });
        const { batch, milliseconds } = await measureReference(network, startNodeProcess, {
          precision,
          backend,
          device,
        });
        terminal.endProgress();
        // One line per network, with and without --json, in the format that the other programs print.
        const line = {
          peer: "ectopy",
          model: network,
          batch,
          ...(precision === "float32" ? {} : { precision }),
          ms_per_step: Math.round(milliseconds * 1000) / 1000,
          samples_per_s: Math.round((batch / milliseconds) * 1000),
        };
        process.stdout.write(`${JSON.stringify(line)}\n`);
      }
    });
}
