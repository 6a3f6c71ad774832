/** The loss of a batch, from logits: exact where probabilities would round to 0 or 1. */
import type { Scalar, Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-node-gpu";
import type { LayerContext } from "./layers/layer-context.ts";
import type { Network } from "./network.ts";
import { createRawOps } from "./raw-ops.ts";
import type { TensorFlow } from "./tensorflow.ts";

/** Mean sparse categorical cross-entropy, in nats. @param truth class of each row, int32 */
export type CrossEntropy = (logits: Tensor2D, truth: Tensor1D) => Scalar;

/** Mean of log Σ exp(logits) − logit of the true class, by the library's ops. */
export function libraryCrossEntropy(tf: TensorFlow): CrossEntropy {
  return (logits, truth) => tf.losses.softmaxCrossEntropy<Tensor, Scalar>(tf.oneHot(truth, logits.shape[1]), logits);
}

/** The same by TensorFlow's op, which gives loss and gradient at once. */
export function nativeCrossEntropy(tf: TensorFlow): CrossEntropy {
  const ops = createRawOps(tf);
  return (logits, truth) => {
    const compute = tf.customGrad((...inputs) => {
      const [given, save] = inputs as unknown as [Tensor, (tensors: Tensor[]) => void];
      const [losses, gradient] = ops.sparseSoftmaxCrossEntropy(given, truth);
      save([gradient]);
      return {
        value: tf.mean(losses),
        gradFunc: (dy: Tensor, [gradient]: Tensor[]) => tf.mul(gradient, tf.div(dy, gradient.shape[0])),
      };
    });
    return compute(logits) as Scalar;
  };
}

/**
 * Loss and right answers of a batch, computed in parts side by side: cores share a recurrence, whose steps can't be shared.
 * @param context told where each part's masks come from
 */
export function batchLoss(
  tf: TensorFlow,
  network: Pick<Network, "logits">,
  crossEntropy: CrossEntropy,
  values: Tensor,
  truth: Tensor1D,
  parts: number,
  seed: Tensor,
  context?: LayerContext,
): { loss: Scalar; correct: Scalar } {
  const batch = truth.shape[0];
  const sizes = partSizes(batch, parts);
  const truths: Tensor1D[] = sizes.length === 1 ? [truth] : tf.split<Tensor1D>(truth, sizes);
  const inputs = sizes.length === 1 ? [values] : tf.split(values, sizes);
  const results = sizes.map((size, part) => {
    if (context) context.maskSeed = part === 0 ? seed : tf.add(seed, tf.tensor1d([part, 0], "int32"));
    const logits = network.logits(inputs[part], true);
    const loss = crossEntropy(logits, truths[part]);
    return {
      loss: sizes.length === 1 ? loss : tf.mul<Scalar>(loss, size / batch),
      correct: countCorrect(tf, logits, truths[part]),
    };
  });
  const total = (tensors: Scalar[]): Scalar => (tensors.length === 1 ? tensors[0] : tf.addN(tensors));
  return { loss: total(results.map(({ loss }) => loss)), correct: total(results.map(({ correct }) => correct)) };
}

/** As equal as can be; never more parts than beats. */
export function partSizes(batch: number, parts: number): number[] {
  const count = Math.max(1, Math.min(parts, batch));
  return Array.from({ length: count }, (_, i) => Math.floor((batch + i) / count));
}

/** How many rows have their largest logit at the true class, int32. */
function countCorrect(tf: TensorFlow, logits: Tensor2D, truth: Tensor1D): Scalar {
  return tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), truth), "int32"));
}
