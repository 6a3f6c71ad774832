/** `prepare`: prepares the beats of a dataset. */
import { Option, type Command } from "commander";
import { contentsOf, type LeadsAndRate } from "../../../contract/domain/dataset-records.ts";
import {
  DEFAULT_PROTOCOL,
  defaultPreparation,
  defaultTablePreparation,
  preparationPresets,
  presetPreparation,
  type PreparationPreset,
} from "../../../contract/settings/defaults.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { beatChannels } from "../../../contract/domain/recipe.ts";
import {
  denoisings,
  normalisations,
  chosenProtocols,
  type PreparationSettings,
  type Protocol,
} from "../../../contract/domain/preparation.ts";
import { preparationSettingTable as table } from "../../../contract/settings/setting-table.ts";
import { foldNumber, fractions, classMap, numberOf, recordingNames, wholeNumber } from "../arguments.ts";
import { settingHelp } from "../setting-help.ts";
import { withSession } from "../session.ts";
import { describePreparation, preparationDocument } from "../views/preparation.ts";

type Options = Partial<
  Omit<
    PreparationSettings,
    "recipe" | "protocol" | "leads" | "beforeMs" | "afterMs" | "before" | "after" | "testDataset" | "annotations"
  >
> & {
  protocol: Protocol;
  lead?: string[];
  before?: number;
  after?: number;
  testRecords?: string[];
  validationRecords?: string[];
  testDataset?: number;
  preset?: PreparationPreset;
  recipeLeads?: "1" | "2";
  channels?: string;
  withoutSynthetic?: boolean;
  annotations?: string[];
  reviewedOnly?: boolean;
};

export function addPrepareCommand(program: Command): void {
  const defaults = defaultPreparation(DEFAULT_PROTOCOL);
  program
    .command("prepare")
    .description("cut, filter, split and balance the beats of a dataset")
    .argument("<dataset>", "number of the dataset", wholeNumber(1))
    .addOption(
      new Option("--protocol <name>", settingHelp(table.protocol))
        .choices(chosenProtocols)
        .default(DEFAULT_PROTOCOL, `${DEFAULT_PROTOCOL}; for tables of beats, their given test set`),
    )
    .addOption(
      new Option("--preset <name>", "beats with features of rhythm and shape, in place of the defaults").choices(
        preparationPresets,
      ),
    )
    .addOption(new Option("--recipe-leads <n>", "leads of the preset: 1 or 2 (default: 2)").choices(["1", "2"]))
    .addOption(
      new Option("--channels <names>", "channels of each lead of the preset (default: beat)").choices([
        "beat",
        "difference",
        "beat,difference",
      ]),
    )
    .option("--without-synthetic", "no synthetic recordings in the training set of the preset")
    .option(
      "--class-map <map>",
      "class map: mit-bih, aami, ec57, or custom classes such as N=NLRej,V=VE (default: mit-bih; aami for splits by patient)",
      classMap,
    )
    .option(
      "--lead <names>",
      "leads by name, in order of preference, such as MLII,II (default: those that suit the recordings)",
      recordingNames,
    )
    .option("--signal <n>", "lead by position in each recording, from 0, instead of by name", numberOf(table.signal))
    .option("--before <ms>", settingHelp(table.beforeMs, defaults.beforeMs), numberOf(table.beforeMs))
    .option("--after <ms>", settingHelp(table.afterMs, defaults.afterMs), numberOf(table.afterMs))
    .option(
      "--rate <hz>",
      "sampling rate of the beats; recordings of other rates are resampled (default: the most common rate)",
      numberOf(table.rate),
    )
    .addOption(new Option("--denoising <where>", settingHelp(table.denoising, defaults.denoising)).choices(denoisings))
    .option("--wavelet <name>", settingHelp(table.wavelet, defaults.wavelet))
    .option("--levels <n>", settingHelp(table.levels, defaults.levels), numberOf(table.levels))
    .addOption(
      new Option("--threshold <kind>", settingHelp(table.threshold, defaults.threshold)).choices(["soft", "hard"]),
    )
    .addOption(
      new Option("--normalisation <kind>", settingHelp(table.normalisation, defaults.normalisation)).choices(
        normalisations,
      ),
    )
    .option(
      "--smallest-class <beats>",
      settingHelp(table.smallestClass, defaults.smallestClass),
      numberOf(table.smallestClass),
    )
    .addOption(
      new Option("--balancing <kind>", settingHelp(table.balancing, defaults.balancing)).choices(["smote", "none"]),
    )
    .option("--neighbours <k>", settingHelp(table.neighbours, defaults.neighbours), numberOf(table.neighbours))
    .option("--majority-cap <beats>", settingHelp(table.majorityCap, defaults.majorityCap), numberOf(table.majorityCap))
    .option("--fractions <a,b,c>", "fractions of training, validation and test set (default: 0.6,0.2,0.2)", fractions)
    .option("--records <names>", "use only these recordings, such as 100,101", recordingNames)
    .option("--without-shared-patient", "inter-patient: exclude recording 202, which has the same patient as 201")
    .option("--without-both-shared", "inter-patient: exclude recordings 201 and 202, which have one patient")
    .option(
      "--test-dataset <number>",
      "another dataset as the test set: resampled, its leads found by name; shared patients are left out of training",
      wholeNumber(1),
    )
    .option("--test-records <names>", "custom-split: recordings of the test set, such as 100,101", recordingNames)
    .option(
      "--validation-records <names>",
      "custom-split: recordings of the validation set (default: drawn from the training patients)",
      recordingNames,
    )
    .option(
      "--annotations <names>",
      "imported annotators or reviewed sets that give the labels, in order of preference (default: the recordings' annotations)",
      recordingNames,
    )
    .option("--reviewed-only", "leave out beats of reviewed sets that nobody set or confirmed")
    .option("--fold <number/of>", "cross-validation: the fold to test, such as 1/5 (default: 1/5)", foldNumber)
    .option("--seed <n>", settingHelp(table.seed, defaults.seed), numberOf(table.seed))
    .action(async (dataset: number, options: Options, command: Command) => {
      await withSession(command, "write", async ({ terminal, services, signal }) => {
        const { records } = services.results.dataset(dataset);
        const tables = contentsOf(records) === "beats" ? records.filter(({ usable }) => usable) : [];
        const isChosen = command.getOptionValueSource("protocol") === "cli";
        const chosen = { ...options, protocol: protocolOf(options, isChosen) };
        const settings = tables.length === 0 ? settingsOf(chosen) : tableSettingsOf(tables, chosen, isChosen);
        const prepared = await services.preparations.prepare(dataset, settings, {
          progress: terminal.progress,
          signal,
        });
        terminal.say(describePreparation(prepared));
        terminal.document(preparationDocument(prepared));
      });
    });
}

/** Returns the protocol: a test dataset has one. @throws EctopyError `usage`: the user chose another one with it, or none */
function protocolOf({ protocol, testDataset }: Options, isChosen: boolean): Protocol {
  if (testDataset === undefined && protocol !== "external-test") return protocol;
  if (testDataset !== undefined && (!isChosen || protocol === "external-test")) return "external-test";
  throw new EctopyError(
    "usage",
    testDataset === undefined
      ? "--protocol external-test needs the number of the test dataset."
      : `--test-dataset makes another dataset the test set, which --protocol ${protocol} does not.`,
    testDataset === undefined ? "Add --test-dataset." : "Leave --protocol out.",
  );
}

/** @param isChosen whether the user chose the protocol @throws EctopyError `usage`: an option is for recordings alone */
function tableSettingsOf(tables: readonly LeadsAndRate[], options: Options, isChosen: boolean): PreparationSettings {
  const { protocol, testDataset, annotations, reviewedOnly, ...others } = options;
  void [testDataset, annotations, reviewedOnly];
  const unfit = RECORDING_OPTIONS.find((option) => options[option] !== undefined);
  if (unfit !== undefined) {
    const flag = unfit.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new EctopyError(
      "usage",
      `--${flag} is for recordings; the dataset has tables of beats.`,
      `Leave --${flag} out: a table has its own classes, and neither leads nor a window.`,
    );
  }
  return { ...defaultTablePreparation(tables, isChosen ? protocol : undefined), ...others };
}

/** Options that a table of beats has no use for. */
const RECORDING_OPTIONS = [
  "lead",
  "signal",
  "before",
  "after",
  "rate",
  "classMap",
  "preset",
  "recipeLeads",
  "channels",
  "withoutSynthetic",
  "withoutSharedPatient",
  "withoutBothShared",
  "testRecords",
  "validationRecords",
  "testDataset",
  "fold",
  "annotations",
  "reviewedOnly",
] as const satisfies (keyof Options)[];

function settingsOf(given: Options): PreparationSettings {
  const {
    lead,
    before,
    after,
    preset,
    recipeLeads,
    channels,
    withoutSynthetic,
    testRecords,
    validationRecords,
    testDataset,
    annotations,
    reviewedOnly,
    ...options
  } = given;
  const defaults = preset === undefined ? defaultPreparation(options.protocol) : presetOf(preset, given);
  if (preset === undefined && (recipeLeads ?? channels ?? withoutSynthetic) !== undefined) {
    throw new EctopyError(
      "invalid-settings",
      "Options of the input recipe need a preset.",
      `Add --preset ${preparationPresets[0]}.`,
    );
  }
  const byName = lead === undefined ? {} : { leads: lead, signal: undefined };
  // With both, the check of the settings names the conflict.
  const byPosition = options.signal === undefined || lead !== undefined ? {} : { leads: undefined };
  return {
    ...defaults,
    ...(before === undefined ? {} : { beforeMs: before }),
    ...(after === undefined ? {} : { afterMs: after }),
    ...(testDataset === undefined ? {} : { testDataset: { id: testDataset } }),
    ...labelsOf(annotations, reviewedOnly),
    ...assignedOf(options.protocol, testRecords, validationRecords),
    ...byName,
    ...byPosition,
    ...options,
  };
}

/** @throws EctopyError `usage`: reviewed beats without a set */
function labelsOf(sets: string[] | undefined, reviewedOnly = false): Pick<PreparationSettings, "annotations"> {
  if (sets !== undefined) return { annotations: { sets, reviewedOnly } };
  if (!reviewedOnly) return {};
  throw new EctopyError("usage", "--reviewed-only needs a reviewed set.", "Add --annotations and its name.");
}

/** @throws EctopyError `usage` for recordings of sets without a custom split */
function assignedOf(
  protocol: Protocol,
  test: string[] = [],
  validation: string[] = [],
): Pick<PreparationSettings, "assigned"> {
  if (protocol === "custom-split") return { assigned: { validation, test } };
  if (test.length + validation.length === 0) return {};
  throw new EctopyError(
    "usage",
    "--test-records and --validation-records need --protocol custom-split.",
    "Other protocols assign the recordings themselves.",
  );
}

/** Returns the settings of a preset with the options of its recipe. */
function presetOf(
  preset: PreparationPreset,
  { protocol, recipeLeads, channels, withoutSynthetic }: Options,
): PreparationSettings {
  const settings = presetPreparation(preset, protocol);
  const { recipe } = settings;
  if (recipe === undefined) return settings;
  const names = channels?.split(",");
  return {
    ...settings,
    recipe: {
      ...recipe,
      leads: recipeLeads === "1" ? 1 : recipe.leads,
      channels: names === undefined ? recipe.channels : beatChannels.filter((name) => names.includes(name)),
      synthetic: recipe.synthetic && withoutSynthetic !== true,
    },
  };
}
