/** The model card: classes, lead, sampling rate, window, preprocessing, metrics and limitations. */
import type { TestSetEc57 } from "../../../contract/domain/ec57.ts";
import type { ModelCard } from "../../../contract/domain/exports.ts";
import { preparedFrom } from "../../../contract/domain/leads.ts";
import { lookPositionText } from "../../../contract/text/look-text.ts";
import { inputSizesOf, windowOf, type PreparationInputs } from "../../../contract/domain/preparation.ts";
import { INPUT_ID, type InputId, type NetworkShape } from "../../../contract/domain/networks.ts";
import { networkOf, networksOf, networkTitle } from "../../../contract/settings/network-presets.ts";
import type { DatasetRecord } from "../../../contract/domain/dataset-records.ts";
import type { RunDetails } from "../../../contract/domain/runs.ts";
import { RESEARCH_USE_ONLY } from "../../../contract/api/notices.ts";
import { originText } from "../../../contract/api/model-origin.ts";
import { beatShapeOf, inputsUsedBy, inputsWithShapes } from "../../../engine/networks/wiring.ts";
import { classesOf, describeClass } from "../../../contract/domain/class-maps.ts";
import { trainingRecordsOf } from "../../../pipeline/recordings/identity/run-records.ts";
import { runIdentity } from "./run-identity.ts";

/**
 * @param records of the run's dataset
 * @param ec57 results on the test recordings by EC57
 * @throws Error for a run without a result
 */
export function modelCard(
  details: RunDetails,
  records: readonly DatasetRecord[],
  ec57: TestSetEc57 | null = null,
): ModelCard {
  const { run, preparation, dataset, looks } = details;
  const { settings, summary } = preparation;
  const { result } = run;
  if (result === null) throw new Error(`Run ${run.id} has no result.`);
  const { importedFrom, members } = run.settings;
  // The networks of an ensemble have the same inputs.
  const [network] = networksOf(run.settings);
  const isTrained = importedFrom === undefined && members === undefined;
  const { leads, rate } = preparedFrom(preparation, records);
  const { before, after } = windowOf(settings, rate);
  const shape: NetworkShape = {
    ...inputSizesOf(summary.inputs ?? {}),
    windowLength: before + after,
    classes: summary.labels.length,
  };
  const used = inputsUsedBy(network);
  // What trained a model from a file is not what its test set was prepared with.
  const trainingRecords = importedFrom === undefined ? trainingRecordsOf(preparation, records) : undefined;
  return {
    version: 1,
    network: networkTitle(run.settings),
    classes: summary.labels.map((label) => ({
      label,
      symbols: [...(classesOf(settings.classMap).find((each) => each.label === label)?.symbols ?? "")],
      meaning: describeClass(settings.classMap, label),
    })),
    input: {
      shape: beatShapeOf(network, shape),
      ...(settings.rowSamples === undefined ? {} : { rows: true as const }),
      rate: rate > 0 ? rate : null,
      before,
      after,
      ...(settings.signal === undefined ? {} : { signal: settings.signal }),
      leads: settings.leads ?? [...leads],
      units: settings.rowSamples === undefined ? "mV" : "unknown",
      ...(settings.recipe === undefined ? {} : { recipe: settings.recipe }),
      ...featuresOf(used, summary.inputs ?? {}, settings.recipe !== undefined),
    },
    ...(used.join() === INPUT_ID
      ? {}
      : { inputs: inputsWithShapes(network, shape).map(({ id, shape: of }) => ({ id, shape: of })) }),
    preprocessing: {
      denoising: settings.denoising,
      wavelet: settings.wavelet,
      levels: settings.levels,
      threshold: settings.threshold,
      normalisation: settings.normalisation,
    },
    protocol: settings.protocol,
    caveats: [...summary.caveats, ...originText(run.settings), ...(looks === null ? [] : [lookPositionText(looks)])],
    test: {
      accuracy: result.test.accuracy,
      macroF1: result.test.macroF1,
      weightedF1: result.test.weightedF1,
      beats: result.test.perClass.reduce((sum, { support }) => sum + support, 0),
    },
    ...(ec57 === null ? {} : { ec57: ec57Of(ec57) }),
    data: {
      dataset: dataset.name,
      datasetFingerprint: dataset.fingerprint,
      preparationFingerprint: preparation.fingerprint,
      ...(trainingRecords === undefined ? {} : { trainingRecords }),
    },
    ...(members && {
      members: members.map(({ run: id, network: of, seed }) => ({ run: id, network: networkOf(of).name, seed })),
    }),
    run: {
      id: run.id,
      identity: runIdentity(details),
      createdAt: run.createdAt,
      seed: isTrained ? run.settings.seed : null,
      bestEpoch: isTrained ? result.bestEpoch : null,
    },
    versions: { ectopy: result.device.versions.ectopy, tensorflow: result.device.versions.tensorflow },
    notice: RESEARCH_USE_ONLY,
  };
}

/** Returns what the card says of the features, where the network uses them or a recipe computes them with the beat. */
function featuresOf(
  used: readonly InputId[],
  { features, featureScaling, sequence }: PreparationInputs,
  hasRecipe: boolean,
): Partial<ModelCard["input"]> {
  if (features === undefined || (!hasRecipe && !used.some((id) => id !== INPUT_ID))) return {};
  return {
    features,
    ...(featureScaling === undefined ? {} : { featureScaling }),
    ...(sequence === undefined || !used.includes("sequence") ? {} : { sequence }),
  };
}

function ec57Of({ from, convention, records, gross }: TestSetEc57): NonNullable<ModelCard["ec57"]> {
  const { qrsSensitivity, qrsPpv, vebSensitivity, vebPpv, vebFalsePositiveRate, svebSensitivity, svebPpv } = gross;
  return {
    ...{ qrsSensitivity, qrsPpv, vebSensitivity, vebPpv, vebFalsePositiveRate, svebSensitivity, svebPpv },
    ...{ recordings: records.length, from, convention },
  };
}
