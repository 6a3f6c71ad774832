/** Small networks of two recurrent layers, with the variations that could break an implementation. */
import { networkSchema, type NetworkSpec } from "../../src/contract/domain/networks.ts";

export const recurrentKinds = ["lstm", "gru"] as const;
export type RecurrentKind = (typeof recurrentKinds)[number];

export interface RecurrentCase {
  network: NetworkSpec;
  windowLength: number;
  /** Batch sizes, in beats. */
  batches: readonly number[];
}

const variations = [
  { name: "uneven blocks of rows", units: [5, 7], windowLength: 6, batches: [35, 3] },
  { name: "one beat, one sample", units: [1, 3], windowLength: 1, batches: [1] },
  { name: "more steps than one block", units: [9, 17], windowLength: 23, batches: [33] },
] as const;

export const recurrentCases: readonly RecurrentCase[] = recurrentKinds.flatMap((kind) =>
  variations.map(({ name, units, windowLength, batches }) => ({
    network: networkSchema.parse({
      name: `${kind}, ${name}`,
      layers: [
        { id: "first", kind, units: units[0], returnSequences: true },
        { id: "dropout", kind: "dropout", rate: 0.3 },
        { id: "second", kind, units: units[1] },
        { id: "dense", kind: "dense", units: 6, activation: "relu" },
      ],
    }),
    windowLength,
    batches,
  })),
);
