/**
 * Stochastic gradient descent with momentum (Polyak 1964) or Nesterov momentum (Sutskever et al. 2013), in Keras'
 * variant: the velocity includes the learning rate, v ← μ·v − α·g, so that a changed rate does not affect earlier
 * gradients.
 */
import { float32 } from "../graph/graph-builder.ts";
import type { UpdateRule } from "./optimizer.ts";

export function sgd({ momentum, nesterov }: { momentum: number; nesterov: boolean }): UpdateRule {
  const withMomentum = momentum > 0;
  return {
    numbers: (_step, learningRate) => ({ learningRate }),
    apply(tf, weight, [velocity], gradient, { learningRate }) {
      const descent = tf.mul(gradient, -learningRate);
      if (!withMomentum) return { weight: tf.add(weight, descent), slots: [] };
      const next = tf.add(tf.mul(velocity, momentum), descent);
      const change = nesterov ? tf.add(tf.mul(next, momentum), descent) : next;
      return { weight: tf.add(weight, change), slots: [next] };
    },
    addUpdate(graph, { handle, slots, after }, gradient, { learningRate }) {
      const attributes = { T: float32, use_locking: { kind: "bool", value: false } } as const;
      return withMomentum
        ? graph.add(
            "ResourceApplyKerasMomentum",
            [handle, ...slots, learningRate, gradient, graph.scalar(momentum), ...after],
            { ...attributes, use_nesterov: { kind: "bool", value: nesterov } },
          )
        : graph.add("ResourceApplyGradientDescent", [handle, learningRate, gradient, ...after], attributes);
    },
  };
}
