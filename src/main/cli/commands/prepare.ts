import { Option, type Command } from "commander";
import { DEFAULT_PROTOCOL, defaultPreparation } from "../../../contract/settings/defaults.ts";
import {
  denoisings,
  normalisations,
  protocols,
  type PreparationSettings,
  type Protocol,
} from "../../../contract/domain/preparation.ts";
import { foldNumber, fractions, classMap, recordNames, seedNumber, wholeNumber } from "../arguments.ts";
import { withSession } from "../session.ts";
import { describePreparation, preparationDocument } from "../views/preparation.ts";

type Options = Partial<Omit<PreparationSettings, "protocol">> & { protocol: Protocol };

export function addPrepareCommand(program: Command): void {
  const defaults = defaultPreparation(DEFAULT_PROTOCOL);
  program
    .command("prepare")
    .description("cut, denoise, split and balance the beats of a dataset")
    .argument("<dataset>", "number of the dataset", wholeNumber(1))
    .addOption(
      new Option("--protocol <name>", "how beats are divided into training, validation and test")
        .choices(protocols)
        .default(DEFAULT_PROTOCOL),
    )
    .option(
      "--class-map <map>",
      "class map: mit-bih, aami, or custom classes such as N=NLRej,V=VE (default: mit-bih; aami where patients are kept apart)",
      classMap,
    )
    .option("--signal <n>", "which signal of each record, from 0", wholeNumber(0))
    .option("--before <samples>", `window before the R-peak (default: ${defaults.before})`, wholeNumber(1))
    .option("--after <samples>", `window from the R-peak on (default: ${defaults.after})`, wholeNumber(1))
    .addOption(
      new Option("--denoising <where>", `where wavelet denoising is applied (default: ${defaults.denoising})`).choices(
        denoisings,
      ),
    )
    .option("--wavelet <name>", `Daubechies wavelet, db1 to db38 (default: ${defaults.wavelet})`)
    .option("--levels <n>", `decomposition levels (default: ${defaults.levels})`, wholeNumber(1))
    .addOption(new Option("--threshold <kind>", `(default: ${defaults.threshold})`).choices(["soft", "hard"]))
    .addOption(
      new Option("--normalisation <kind>", `of each beat (default: ${defaults.normalisation})`).choices(normalisations),
    )
    .option(
      "--smallest-class <beats>",
      `leave smaller classes out (default: ${defaults.smallestClass})`,
      wholeNumber(1),
    )
    .addOption(new Option("--balancing <kind>", `(default: ${defaults.balancing})`).choices(["smote", "none"]))
    .option("--neighbours <k>", `SMOTE's neighbours (default: ${defaults.neighbours})`, wholeNumber(1))
    .option(
      "--majority-cap <beats>",
      `sample the largest class down to this; 0: never (default: ${defaults.majorityCap})`,
      wholeNumber(0),
    )
    .option("--fractions <a,b,c>", "training, validation, test (default: 0.6,0.2,0.2)", fractions)
    .option("--records <names>", "only these records, such as 100,101", recordNames)
    .option("--without-shared-patient", "inter-patient: leave out record 202, whose patient is also 201's")
    .option("--fold <number/of>", "cross-validation: which fold is tested, such as 1/5 (default: 1/5)", foldNumber)
    .option("--seed <n>", `(default: ${defaults.seed})`, seedNumber)
    .action(async (dataset: number, options: Options, command: Command) => {
      const settings = { ...defaultPreparation(options.protocol), ...options };
      await withSession(command, "write", async ({ terminal, services, signal }) => {
        const prepared = await services.preparations.prepare(dataset, settings, {
          progress: terminal.progress,
          signal,
        });
        terminal.say(describePreparation(prepared));
        terminal.document(preparationDocument(prepared));
      });
    });
}
