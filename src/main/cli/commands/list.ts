/** `datasets`, `preparations` and `runs`: lists with one line per item. */
import type { Command } from "commander";
import { networkTitle } from "../../../contract/settings/network-presets.ts";
import { protocolName } from "../../../contract/settings/setting-table.ts";
import { runStatusText } from "../../../contract/domain/training.ts";
import { formatTable } from "../format.ts";
import { formatMetric } from "../../../contract/text/format-metric.ts";
import { formatInteger } from "../../../contract/text/format-number.ts";
import { hasWorkspace, withSession, type Session } from "../session.ts";
import { terminalOf } from "../terminal.ts";
import { RESEARCH_USE_ONLY } from "../../../contract/api/notices.ts";

export function addListCommands(program: Command): void {
  addList(program, {
    name: "datasets",
    description: "list the datasets",
    whenEmpty: "There are no datasets yet. `ectopy sample` creates one.",
    list: (services) => {
      const datasets = services.results.datasets();
      const rows = datasets.map((d) => [
        String(d.id),
        d.name,
        formatInteger(d.records),
        formatInteger(d.beats),
        d.createdAt,
      ]);
      return { items: datasets, text: formatTable(["Dataset>", "Name", "Recordings>", "Beats>", "Imported"], rows) };
    },
  });
  addList(program, {
    name: "preparations",
    description: "list the preparations",
    whenEmpty: "There are no preparations yet. `ectopy prepare DATASET` creates one.",
    list: (services) => {
      const preparations = services.results.preparations();
      const rows = preparations.map(({ id, name, datasetId, settings, summary, createdAt, isOutdated }) => [
        String(id),
        name,
        String(datasetId),
        `${protocolName(settings.protocol)}${isOutdated === true ? " (outdated)" : ""}`,
        String(summary.labels.length),
        formatInteger(summary.totals.train),
        formatInteger(summary.totals.validation),
        formatInteger(summary.totals.test),
        createdAt,
      ]);
      const heads = [
        "Preparation>",
        "Name",
        "Dataset>",
        "Protocol",
        "Classes>",
        "Training>",
        "Validation>",
        "Test>",
        "Created",
      ];
      return { items: preparations, text: formatTable(heads, rows) };
    },
  });
  addList(program, {
    name: "runs",
    description: "list the runs",
    whenEmpty: "There are no runs yet. `ectopy train PREPARATION --model ann` creates one.",
    list: (services) => {
      const runs = services.results.runs();
      const rows = runs.map(({ run, preparation, dataset, remarks }) => [
        String(run.id),
        remarks.name,
        `${networkTitle(run.settings)}${run.settings.precision === "float32" ? "" : ` (${run.settings.precision})`}`,
        dataset.name,
        protocolName(preparation.settings.protocol),
        runStatusText(run.status, run.result !== null),
        run.result && run.result.epochs.length > 0 ? `${run.result.bestEpoch}/${run.result.epochs.length}` : "",
        run.result ? formatMetric(run.result.test.accuracy) : "",
        run.result ? formatMetric(run.result.test.macroF1) : "",
        run.result ? formatMetric(run.result.test.weightedF1) : "",
      ]);
      const heads = [
        "Run>",
        "Name",
        "Network",
        "Dataset",
        "Protocol",
        "Status",
        "Best epoch>",
        "Accuracy>",
        "Macro F1>",
        "Weighted F1>",
      ];
      const notes = [
        "Metrics of the test set. Only runs of the same protocol are comparable; `ectopy show RUN` lists the limitations.",
        RESEARCH_USE_ONLY,
      ];
      return { items: runs, text: [formatTable(heads, rows), "", ...notes].join("\n") };
    },
  });
}

interface ListCommand {
  name: string;
  description: string;
  /** Text in place of an empty list. */
  whenEmpty: string;
  list: (services: Session["services"]) => { items: readonly unknown[]; text: string };
}

function addList(program: Command, { name, description, whenEmpty, list }: ListCommand): void {
  program
    .command(name)
    .description(description)
    .action(async (_options: object, command: Command) => {
      if (!hasWorkspace(command)) {
        const terminal = terminalOf(command);
        terminal.say(whenEmpty);
        terminal.document({ [name]: [] });
        return;
      }
      await withSession(command, "read", ({ terminal, services }) => {
        const { items, text } = list(services);
        terminal.say(items.length === 0 ? whenEmpty : text);
        terminal.document({ [name]: items });
      });
    });
}
