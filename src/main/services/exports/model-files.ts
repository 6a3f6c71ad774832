/** Writes a run's model for other programs, with its card and an example. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ModelCard, ModelFormat } from "../../../contract/domain/exports.ts";
import { encodeOnnx } from "../../../engine/exchange/onnx.ts";
import { writeSavedModel } from "../../../engine/exchange/saved-model.ts";
import type { TrainedModel } from "../../../engine/exchange/trained-model.ts";
import { pythonExample } from "./python-example.ts";

/** Formats that are one file, with the model card inside, and the ending of their file names. */
export const modelFileEndings = { keras: ".h5", onnx: ".onnx" } as const satisfies Partial<Record<ModelFormat, string>>;
export type ModelFileFormat = keyof typeof modelFileEndings;

export function isModelFileFormat(format: ModelFormat): format is ModelFileFormat {
  return format in modelFileEndings;
}

/** Writes a model, with its card inside, as one file. */
export async function writeModelFile(
  format: ModelFileFormat,
  path: string,
  models: readonly TrainedModel[],
  card: ModelCard,
): Promise<void> {
  if (format === "keras") {
    // Only when needed: HDF5's library doubles the CPU time that the command line takes to start.
    const { writeKerasH5 } = await import("../../../engine/exchange/keras-h5.ts");
    await writeKerasH5(path, models, card);
  } else writeFileSync(path, encodeOnnx(models, { ectopy: JSON.stringify(card) }));
}

interface ExportedModel {
  format: ModelFormat;
  /** Folder of the run. */
  from: string;
  /** One network, or the members of an ensemble. */
  models: readonly TrainedModel[];
  card: ModelCard;
  /** Destination, which exists and is empty. */
  folder: string;
}

/** Writes a model, its card and an example. */
export async function writeModelFiles({ format, from, models, card, folder }: ExportedModel): Promise<void> {
  switch (format) {
    case "keras":
    case "onnx":
      await writeModelFile(format, join(folder, `model${modelFileEndings[format]}`), models, card);
      break;
    case "savedmodel":
      writeSavedModel(join(folder, "saved-model"), models);
      break;
    case "tfjs":
      // The bytes as stored in the workspace. Copying the file would copy its access rights, for this user alone.
      for (const name of ["model.json", "weights.bin"])
        writeFileSync(join(folder, name), readFileSync(join(from, name)));
      break;
  }
  writeFileSync(join(folder, "model-card.json"), `${JSON.stringify(card, null, 2)}\n`);
  if (format !== "tfjs") writeFileSync(join(folder, "predict.py"), pythonExample(format, card));
}
