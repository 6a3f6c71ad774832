/** Checks a model from a file against a preparation, and puts its outputs into the order of the preparation's classes. */
import { z } from "zod";
import { EctopyError } from "../../../contract/domain/errors.ts";
import {
  commonOrders,
  isOrderOf,
  recipeDifferences,
  type EvaluationChoices,
  type ForeignModel,
  type PreparedAs,
} from "../../../contract/domain/foreign-models.ts";
import { inputSizesOf, windowLengthOf, type PreparationInputs } from "../../../contract/domain/preparation.ts";
import type { SampleIdentity } from "../../../contract/domain/dataset-records.ts";
import { OUTPUT_ID } from "../../../contract/domain/networks.ts";
import { inputsUsedBy } from "../../../engine/networks/wiring.ts";
import { identitiesOf } from "../../../pipeline/recordings/identity/run-records.ts";
import { sharedRecordings } from "../../../pipeline/recordings/identity/shared-recordings.ts";
import type { ImportedModel } from "../../../engine/exchange/imported-model.ts";
import type { TrainedModel, Weight } from "../../../engine/exchange/trained-model.ts";

/** The parts of a model card that are used here; other files have none. */
const classesSchema = z.object({ classes: z.array(z.object({ label: z.string() })) });
const recipeSchema = z.object({
  input: z.object({
    rate: z.number().nullable(),
    before: z.number(),
    after: z.number(),
    signal: z.number().optional(),
    leads: z.array(z.string()),
  }),
  preprocessing: z.object({
    denoising: z.string(),
    wavelet: z.string(),
    levels: z.number(),
    threshold: z.string(),
    normalisation: z.string(),
  }),
});

const trainingSchema = z.object({
  data: z.object({
    trainingRecords: z
      .array(
        z.object({
          hashes: z.array(z.string().max(100).nullable()).max(1000),
          knownAs: z.string().max(300).nullable(),
        }),
      )
      .max(1_000_000),
  }),
});

export interface CheckedAgainst extends PreparedAs {
  /** Recordings of the test set; none: its beats are of tables. */
  tested: readonly SampleIdentity[];
  /** Classes of the preparation. */
  labels: readonly string[];
  /** Inputs that it offers beside beats of one channel; absent: none. */
  inputs?: PreparationInputs | undefined;
}

/** Returns what a file says of its model, beside a preparation. */
export function describeForeign({ model, about }: ImportedModel, preparation: CheckedAgainst): ForeignModel {
  const classes = classesSchema.safeParse(about);
  const recipe = recipeSchema.safeParse(about);
  const training = trainingSchema.safeParse(about);
  return {
    outputs: model.shape.classes,
    windowLength: model.shape.windowLength,
    fits:
      model.shape.windowLength === windowLengthOf(preparation.settings, preparation.rate) &&
      otherSize(model, preparation) === null &&
      model.shape.classes === preparation.labels.length,
    classes: classes.success ? classes.data.classes.map(({ label }) => label) : null,
    differences: recipe.success ? recipeDifferences(recipe.data, preparation) : [],
    hasRecipe: recipe.success,
    trainedOnTest:
      training.success && preparation.tested.length > 0
        ? sharedRecordings(preparation.tested, identitiesOf(training.data.data.trainingRecords))
        : null,
  };
}

/**
 * Returns the model with its outputs in the order of the preparation's classes.
 * @throws EctopyError `invalid-settings`: window, classes or recipe do not fit the preparation; `usage`: the order of the
 *   classes is not known
 */
export function fitted(imported: ImportedModel, preparation: CheckedAgainst, choices: EvaluationChoices): TrainedModel {
  const { model } = imported;
  const { labels } = preparation;
  const window = windowLengthOf(preparation.settings, preparation.rate);
  const known = describeForeign(imported, preparation);
  if (known.windowLength !== window) throw unfit(`its window has ${known.windowLength} samples, not ${window}`);
  const other = otherSize(model, preparation);
  if (other !== null) throw unfit(other);
  if (known.outputs !== labels.length) throw unfit(`it has ${known.outputs} classes, not ${labels.length}`);
  const order = choices.classes ?? known.classes;
  if (order === null) throw unknownOrder(labels);
  if (!isOrderOf(order, labels)) throw unfit(`its classes are ${order.join(" ")}, not ${labels.join(" ")}`);
  if (known.differences.length > 0 && choices.acceptDifferences !== true) {
    throw new EctopyError(
      "invalid-settings",
      `The model was trained on beats of another preparation. ${known.differences.join(" ")}`,
      "Prepare the dataset as the model's file says, or accept the differences (--accept-differences): the metrics then say little about the model.",
    );
  }
  return inOrder(
    model,
    labels.map((label) => order.indexOf(label)),
  );
}

/** Returns in what an input of the model differs from the preparation's, as text; null: in nothing. */
function otherSize({ spec, shape }: TrainedModel, { inputs = {} }: CheckedAgainst): string | null {
  const used = inputsUsedBy(spec);
  const { channels = 1, features = 0, steps = 0 } = inputSizesOf(inputs);
  const differs = (what: string, of: number, here: number): string | null =>
    of === here ? null : `it needs ${of} ${what}, not ${here}`;
  return (
    (used.includes("input") ? differs("channels of a beat", shape.channels ?? 1, channels) : null) ??
    (used.some((id) => id !== "input") ? differs("features of a beat", shape.features ?? 0, features) : null) ??
    (used.includes("sequence") ? differs("beats of a sequence", shape.steps ?? 0, steps) : null)
  );
}

function unfit(why: string): EctopyError {
  return new EctopyError(
    "invalid-settings",
    `The model does not fit this preparation: ${why}.`,
    "Choose a preparation with the settings that the model was trained with.",
  );
}

function unknownOrder(labels: readonly string[]): EctopyError {
  const orders = commonOrders(labels).map((order) => `--classes ${order.join(",")}`);
  return new EctopyError(
    "usage",
    `The model's file does not name the classes of its ${labels.length} outputs.`,
    `Say them in the order of the outputs, such as ${orders.join(" or ")}.`,
  );
}

/** @param outputs for each class of the preparation, the number of the model's output */
function inOrder(model: TrainedModel, outputs: readonly number[]): TrainedModel {
  if (outputs.every((output, i) => output === i)) return model;
  const [kernel, bias] = model.weights.get(OUTPUT_ID)!;
  const weights = new Map(model.weights);
  weights.set(OUTPUT_ID, [withColumns(kernel, outputs), withColumns(bias, outputs)]);
  return { ...model, weights };
}

/** Returns a matrix, or a row, with its columns in another order. */
function withColumns({ name, shape, values }: Weight, columns: readonly number[]): Weight {
  const count = columns.length;
  const moved = values.map((_, at) => values[at - (at % count) + columns[at % count]]);
  return { name, shape, values: moved };
}
