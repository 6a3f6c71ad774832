/** `prepare`: prepares the beats of a dataset. */
import { Option, type Command } from "commander";
import { DEFAULT_PROTOCOL, defaultPreparation } from "../../../contract/settings/defaults.ts";
import {
  denoisings,
  normalisations,
  protocols,
  type PreparationSettings,
  type Protocol,
} from "../../../contract/domain/preparation.ts";
import { preparationSettingTable as table } from "../../../contract/settings/setting-table.ts";
import { foldNumber, fractions, classMap, numberOf, recordingNames, wholeNumber } from "../arguments.ts";
import { withSession } from "../session.ts";
import { describePreparation, preparationDocument } from "../views/preparation.ts";

type Options = Partial<Omit<PreparationSettings, "protocol">> & { protocol: Protocol };

export function addPrepareCommand(program: Command): void {
  const defaults = defaultPreparation(DEFAULT_PROTOCOL);
  program
    .command("prepare")
    .description("cut, filter, split and balance the beats of a dataset")
    .argument("<dataset>", "number of the dataset", wholeNumber(1))
    .addOption(
      new Option("--protocol <name>", "evaluation protocol: how beats are split into training, validation and test set")
        .choices(protocols)
        .default(DEFAULT_PROTOCOL),
    )
    .option(
      "--class-map <map>",
      "class map: mit-bih, aami, or custom classes such as N=NLRej,V=VE (default: mit-bih; aami for splits by patient)",
      classMap,
    )
    .option("--signal <n>", "signal of each recording, numbered from 0", numberOf(table.signal))
    .option(
      "--before <samples>",
      `window: samples before the R-peak (default: ${defaults.before})`,
      numberOf(table.before),
    )
    .option(
      "--after <samples>",
      `window: samples from the R-peak on (default: ${defaults.after})`,
      numberOf(table.after),
    )
    .addOption(
      new Option("--denoising <where>", `scope of the wavelet filter (default: ${defaults.denoising})`).choices(
        denoisings,
      ),
    )
    .option("--wavelet <name>", `Daubechies wavelet, db1 to db38 (default: ${defaults.wavelet})`)
    .option("--levels <n>", `decomposition levels (default: ${defaults.levels})`, numberOf(table.levels))
    .addOption(
      new Option("--threshold <kind>", `thresholding of wavelet coefficients (default: ${defaults.threshold})`).choices(
        ["soft", "hard"],
      ),
    )
    .addOption(
      new Option("--normalisation <kind>", `normalisation of each beat (default: ${defaults.normalisation})`).choices(
        normalisations,
      ),
    )
    .option(
      "--smallest-class <beats>",
      `minimum beats per class; smaller classes are excluded (default: ${defaults.smallestClass})`,
      numberOf(table.smallestClass),
    )
    .addOption(
      new Option("--balancing <kind>", `balancing of the classes (default: ${defaults.balancing})`).choices([
        "smote",
        "none",
      ]),
    )
    .option(
      "--neighbours <k>",
      `SMOTE k: nearest neighbours (default: ${defaults.neighbours})`,
      numberOf(table.neighbours),
    )
    .option(
      "--majority-cap <beats>",
      `undersample the largest class to this size; 0: off (default: ${defaults.majorityCap})`,
      numberOf(table.majorityCap),
    )
    .option("--fractions <a,b,c>", "fractions of training, validation and test set (default: 0.6,0.2,0.2)", fractions)
    .option("--records <names>", "use only these recordings, such as 100,101", recordingNames)
    .option("--without-shared-patient", "inter-patient: exclude recording 202, which has the same patient as 201")
    .option("--fold <number/of>", "cross-validation: the fold to test, such as 1/5 (default: 1/5)", foldNumber)
    .option("--seed <n>", `seed of the split and of SMOTE (default: ${defaults.seed})`, numberOf(table.seed))
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
