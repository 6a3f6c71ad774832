/** Inputs of networks on the page: names, and those that layers can choose. */
import { inputIds, type InputId, type NetworkShape, type NetworkSpec } from "../../../contract/domain/networks.ts";

export const inputNames: Readonly<Record<InputId, { name: string; about: string }>> = {
  input: { name: "Input", about: "the beat" },
  rhythm: { name: "Rhythm", about: "features of the beat" },
  sequence: { name: "Sequence", about: "features of the beat and its neighbours" },
};

/**
 * Returns the inputs that layers can choose: those that the preparation offers, and those that the network names.
 * @returns shape without the batch; null where the preparation lacks the input
 */
export function offeredInputs(
  { windowLength, channels = 1, features, steps }: NetworkShape,
  { layers }: NetworkSpec,
): { id: InputId; shape: number[] | null }[] {
  const shapes: Record<InputId, number[] | null> = {
    input: [windowLength, channels],
    rhythm: features === undefined ? null : [features],
    sequence: features === undefined || steps === undefined ? null : [steps, features],
  };
  return inputIds
    .filter((id) => !layers.some((layer) => layer.id === id))
    .filter((id) => shapes[id] !== null || layers.some(({ inputs = [] }) => inputs.includes(id)))
    .map((id) => ({ id, shape: shapes[id] }));
}
