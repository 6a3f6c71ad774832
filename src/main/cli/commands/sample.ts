/** `sample`: generates sample recordings. */
import type { Command } from "commander";
import { DEFAULT_SEED } from "../../../contract/settings/defaults.ts";
import { seedNumber } from "../arguments.ts";
import { withSession } from "../session.ts";
import { datasetDocument, describeImport } from "../views/dataset.ts";

export function addSampleCommand(program: Command): void {
  program
    .command("sample")
    .description("generate sample recordings: 12 synthetic patients with several rhythms and beat classes")
    .option("--seed <n>", "seed of the generator", seedNumber, DEFAULT_SEED)
    .action(async (options: { seed: number }, command: Command) => {
      await withSession(command, "write", async ({ terminal, services, signal }) => {
        const imported = await services.datasets.makeSample(options.seed, { progress: terminal.progress, signal });
        terminal.say(describeImport(imported));
        terminal.document(datasetDocument(imported));
      });
    });
}
