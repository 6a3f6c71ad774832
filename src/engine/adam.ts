/** Adam (Kingma & Ba 2015, section 2, with the order of computation at its end), as Keras has it. */
import type { NamedTensorMap, Tensor, Variable } from "@tensorflow/tfjs-node-gpu";
import type { TensorFlow } from "./tensorflow.ts";

export interface AdamSettings {
  learningRate: number;
  beta1?: number;
  beta2?: number;
  epsilon?: number;
}

export interface Optimizer {
  /** Changes each variable by its gradient, found under its name. */
  apply(gradients: NamedTensorMap): void;
  dispose(): void;
}

/**
 * θ ← θ − α·√(1 − β₂ᵗ)/(1 − β₁ᵗ) · m / (√v + ε): ε is not divided by the bias correction, as in Keras and unlike tfjs's own.
 */
export function createAdam(
  tf: TensorFlow,
  variables: readonly Variable[],
  { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 }: AdamSettings,
): Optimizer {
  const zeros = (): Tensor[] => variables.map((variable) => tf.keep(tf.zeros(variable.shape)));
  let means = zeros();
  let squares = zeros();
  let step = 0;

  const replace = (old: Tensor[], next: Tensor[]): Tensor[] => {
    tf.dispose(old);
    return next.map((tensor) => tf.keep(tensor));
  };
  return {
    apply(gradients) {
      step++;
      const rate = (learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
      tf.tidy(() => {
        const gradient = (i: number): Tensor => gradients[variables[i].name];
        means = replace(
          means,
          means.map((m, i) => tf.add(m, tf.mul(tf.sub(gradient(i), m), 1 - beta1))),
        );
        squares = replace(
          squares,
          squares.map((v, i) => tf.add(v, tf.mul(tf.sub(tf.square(gradient(i)), v), 1 - beta2))),
        );
        variables.forEach((variable, i) => {
          const change = tf.div(tf.mul(means[i], rate), tf.add(tf.sqrt(squares[i]), epsilon));
          variable.assign(tf.sub(variable, change));
        });
      });
    },
    dispose() {
      tf.dispose([means, squares]);
    },
  };
}
