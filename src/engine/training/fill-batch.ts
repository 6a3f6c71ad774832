/** Fills batches by the kernels (native/fill-rows.cpp), where the backend has them: the same numbers, in less time. */
import { fillBatch } from "../../pipeline/beats/batches.ts";
import type { Backend } from "../backends/backend.ts";

export type FillBatch = typeof fillBatch;

/** Returns the fastest available function that fills a batch. */
export function batchFiller({ fillRows }: Pick<Backend, "fillRows">): FillBatch {
  if (fillRows === null) return fillBatch;
  return ({ values, length, realCount, recipe, classes }, examples, valuesOut, classesOut) => {
    examples.forEach((example, i) => (classesOut[i] = classes[example]));
    const real = values.subarray(0, realCount * length);
    fillRows(real, length, recipe.base, recipe.neighbour, recipe.lambda, examples, valuesOut);
  };
}
