/** Inputs of an exported model. */
import { INPUT_ID, type InputId } from "../../contract/domain/networks.ts";
import { inputsWithShapes, type NetworkInput } from "../networks/wiring.ts";
import type { TrainedModel } from "./trained-model.ts";

/** Returns the name of an input in ONNX and SavedModel. Keras has its id. */
export function exportedName(id: InputId): string {
  return id === INPUT_ID ? "beats" : id;
}

export interface ExportedInput extends NetworkInput {
  name: string;
}

/** Returns the inputs that a model uses, with their names in ONNX and SavedModel. */
export function exportedInputs({ spec, shape }: Pick<TrainedModel, "spec" | "shape">): ExportedInput[] {
  return inputsWithShapes(spec, shape).map((input) => ({ ...input, name: exportedName(input.id) }));
}
