/**
 * Adam (Kingma & Ba 2015, with the order of computation at the end of section 2) and AdamW (Loshchilov & Hutter 2019),
 * by Keras' definitions.
 */
import { float32 } from "../graph/graph-builder.ts";
import { correctedRate } from "../plan/optimizer-values.ts";
import type { UpdateRule } from "./optimizer.ts";

export interface AdamSettings {
  beta1: number;
  beta2: number;
  epsilon: number;
  /** 0 for Adam. */
  weightDecay: number;
}

/**
 * θ ← (1 − α·decay)·θ − α·√(1 − β₂ᵗ)/(1 − β₁ᵗ) · m / (√v + ε). The decay applies to all weights, as in Keras.
 */
export function adam({ beta1, beta2, epsilon, weightDecay }: AdamSettings): UpdateRule {
  return {
    numbers: (step, learningRate) => ({
      learningRate,
      beta1Power: beta1 ** step,
      beta2Power: beta2 ** step,
      ...(weightDecay > 0 ? { kept: 1 - learningRate * weightDecay } : {}),
    }),
    apply(tf, weight, [mean, square], gradient, { learningRate, beta1Power, beta2Power, kept }) {
      const rate = correctedRate(learningRate, beta1Power, beta2Power);
      const newMean = tf.add(mean, tf.mul(tf.sub(gradient, mean), 1 - beta1));
      const newSquare = tf.add(square, tf.mul(tf.sub(tf.square(gradient), square), 1 - beta2));
      const change = tf.div(tf.mul(newMean, rate), tf.add(tf.sqrt(newSquare), epsilon));
      const decayed = weightDecay > 0 ? tf.mul(weight, kept) : weight;
      return { weight: tf.sub(decayed, change), slots: [newMean, newSquare] };
    },
    addUpdate(graph, { handle, value, slots, after }, gradient, { learningRate, beta1Power, beta2Power, kept }) {
      const constants = [beta1, beta2, epsilon].map((number) => graph.scalar(number));
      const first =
        weightDecay > 0
          ? [`^${graph.assign(handle, graph.add("Mul", [value, kept], { T: float32 }), ...after)}`]
          : after;
      return graph.add(
        "ResourceApplyAdam",
        [handle, ...slots, beta1Power, beta2Power, learningRate, ...constants, gradient, ...first],
        { T: float32, use_locking: { kind: "bool", value: false }, use_nesterov: { kind: "bool", value: false } },
      );
    },
  };
}
