/**
 * RMSprop (Tieleman & Hinton 2012, lecture 6.5 of "Neural networks for machine learning") in Keras' variant: ε under
 * the root.
 */
import { float32 } from "../graph/graph-builder.ts";
import type { UpdateRule } from "./optimizer.ts";

/** v ← ρ·v + (1 − ρ)·g²;  c ← μ·c + α·g / √(v + ε);  θ ← θ − c */
export function rmsprop({ rho, momentum, epsilon }: { rho: number; momentum: number; epsilon: number }): UpdateRule {
  return {
    numbers: (_step, learningRate) => ({ learningRate }),
    apply(tf, weight, [square, change], gradient, { learningRate }) {
      const newSquare = tf.add(square, tf.mul(tf.sub(tf.square(gradient), square), 1 - rho));
      const scaled = tf.mul(tf.mul(gradient, learningRate), tf.rsqrt(tf.add(newSquare, epsilon)));
      const newChange = tf.add(tf.mul(change, momentum), scaled);
      return { weight: tf.sub(weight, newChange), slots: [newSquare, newChange] };
    },
    addUpdate(graph, { handle, slots, after }, gradient, { learningRate }) {
      const constants = [rho, momentum, epsilon].map((number) => graph.scalar(number));
      return graph.add("ResourceApplyRMSProp", [handle, ...slots, learningRate, ...constants, gradient, ...after], {
        T: float32,
        use_locking: { kind: "bool", value: false },
      });
    },
  };
}
