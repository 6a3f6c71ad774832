/** `demo`: every step on the sample recordings, with the same network under each protocol. */
import type { Command } from "commander";
import { DEFAULT_SEED, defaultPreparation, defaultTraining } from "../../../contract/settings/defaults.ts";
import { recordingProtocols } from "../../../contract/domain/preparation.ts";
import { protocolName } from "../../../contract/settings/setting-table.ts";
import { formatTable } from "../format.ts";
import { formatMetric } from "../../../contract/text/format-metric.ts";
import { formatDuration, formatInteger } from "../../../contract/text/format-number.ts";
import { withSession } from "../session.ts";
import { RESEARCH_USE_ONLY } from "../../../contract/api/notices.ts";
import { batchProgress } from "../views/batch-progress.ts";
import { describeEpoch } from "../views/run.ts";

/** Enough epochs to learn the sample recordings, in about one minute on two cores. */
const EPOCHS = 10;

export function addDemoCommand(program: Command): void {
  program
    .command("demo")
    .description("run every step on the sample recordings: the same network under each protocol, compared")
    .action(async (_options: object, command: Command) => {
      await withSession(command, "write", async ({ terminal, services, signal }) => {
        const began = performance.now();
        const watch = { progress: terminal.progress, signal };
        const { dataset, report } = await services.datasets.makeSample(DEFAULT_SEED, watch);
        const beats = Object.values(report.beats).reduce((a, b) => a + b, 0);
        terminal.say(
          `Sample: ${report.usableRecords} synthetic patients, ${formatInteger(beats)} beats (dataset ${dataset.id}).`,
        );
        const rows: string[][] = [];
        const runs: number[] = [];
        // A custom split needs names of recordings.
        for (const protocol of recordingProtocols.filter((each) => each !== "custom-split")) {
          const { preparation } = await services.preparations.prepare(dataset.id, defaultPreparation(protocol), watch);
          terminal.say(`\nANN, ${protocolName(protocol)} (preparation ${preparation.id})`);
          const { id } = services.training.add(preparation.id, { ...defaultTraining("ann"), epochs: EPOCHS });
          const run = await services.training.train(id, {
            onProgress: (batch) => terminal.progress(batchProgress(batch)),
            onEvaluating: terminal.progress,
            onEpoch: (metrics) => terminal.say(`  ${describeEpoch(metrics)}`),
            signal,
          });
          runs.push(run.id);
          const test = run.result?.test;
          rows.push([
            protocolName(protocol),
            testBeats[protocol],
            String(run.id),
            formatMetric(test?.accuracy),
            formatMetric(test?.macroF1),
          ]);
        }
        terminal.say(
          [
            "",
            formatTable(["Protocol", "Test beats", "Run>", "Accuracy>", "Macro F1>"], rows),
            "",
            "Recordings and network are the same: only the protocol causes the differences between the rows.",
            `The recordings are synthetic: these metrics say nothing about patients. ${RESEARCH_USE_ONLY}`,
            `Done in ${formatDuration((performance.now() - began) / 1000)}. Next: ectopy show ${runs.at(-1)}`,
          ].join("\n"),
        );
        terminal.document({ dataset: { id: dataset.id }, runs: runs.map((id) => services.results.run(id)) });
      });
    });
}

const testBeats: Record<(typeof recordingProtocols)[number], string> = {
  reference: "SMOTE interpolations of training beats",
  "intra-patient": "unseen beats of known patients",
  "inter-patient": "beats of unseen patients",
  "custom-split": "beats of unseen patients, as assigned",
  "cross-validation": "beats of unseen patients, one fold of several",
};
