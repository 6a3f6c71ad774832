/** Prints results of Ectopy's operations over sequences, to compare them between start-up settings of the process. */
import { loadTensorFlow } from "../../src/engine/tensorflow/tensorflow.ts";
import { convolutionCases, convolve, digest, dropOut, normalizationCases, normalize } from "./sequence-ops.ts";

const { tf, kernels, kernelsMissing } = await loadTensorFlow("test");
if (kernels === null) throw new Error(`our kernels: ${kernelsMissing}`);
/** Selects a few numbers of each result: all of them would be megabytes. */
const sample = (values: Float32Array): number[] => [...values.subarray(0, 200)];
const convolutions = convolutionCases.flatMap((c) => convolve(tf, c).results.map(sample));
const normalizations = normalizationCases.flatMap((c) => {
  const { moments, pooled, averaged } = normalize(tf, c);
  return [...moments, ...pooled, ...averaged].map(sample);
});
const dropped = dropOut(tf, [70_001], [42, 7], 0.3);
process.stdout.write(
  JSON.stringify({
    ...kernels,
    digest: digest(tf),
    values: [...convolutions, ...normalizations, sample(dropped)].flat(),
  }),
);
