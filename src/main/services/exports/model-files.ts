/** A run's model as files for other programs, with its card and an example beside it. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ModelCard, ModelFormat } from "../../../contract/domain/exports.ts";
import { writeKerasH5 } from "../../../engine/exchange/keras-h5.ts";
import { encodeOnnx } from "../../../engine/exchange/onnx.ts";
import { writeSavedModel } from "../../../engine/exchange/saved-model.ts";
import type { TrainedModel } from "../../../engine/exchange/trained-model.ts";
import { pythonExample } from "./python-example.ts";

/** @param from the run's own folder @param folder exists and is empty */
export async function writeModelFiles(
  format: ModelFormat,
  from: string,
  model: TrainedModel,
  card: ModelCard,
  folder: string,
): Promise<void> {
  switch (format) {
    case "keras":
      await writeKerasH5(join(folder, "model.h5"), model, card);
      break;
    case "savedmodel":
      writeSavedModel(join(folder, "saved-model"), model);
      break;
    case "onnx":
      writeFileSync(join(folder, "model.onnx"), encodeOnnx(model, { ectopy: JSON.stringify(card) }));
      break;
    case "tfjs":
      // As it is stored in the workspace; a copy of the file itself would take over its rights, for this user alone.
      for (const name of ["model.json", "weights.bin"])
        writeFileSync(join(folder, name), readFileSync(join(from, name)));
      break;
  }
  writeFileSync(join(folder, "model-card.json"), `${JSON.stringify(card, null, 2)}\n`);
  if (format !== "tfjs") writeFileSync(join(folder, "predict.py"), pythonExample(format));
}
