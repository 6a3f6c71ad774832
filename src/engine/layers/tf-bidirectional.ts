/** Bidirectional layer: two recurrent layers over one sequence, one of them reversed (Schuster & Paliwal 1997). */
import type { layers, Tensor } from "@tensorflow/tfjs-node-gpu";
import type { MergeMode } from "../../contract/domain/networks.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import type { LayerConfig } from "./layer-spec.ts";
import type { SequenceLayout } from "../networks/sequence-layouts.ts";
import { onlyInput } from "./only-input.ts";

export interface Directions {
  /** Two layers with the same settings and separate weights, whose sequences follow the layout. */
  forward: layers.Layer;
  backward: layers.Layer;
  layout: SequenceLayout;
  returnSequences: boolean;
  merge: MergeMode;
}

export function bidirectionalLayer(tf: TensorFlow) {
  return class Bidirectional extends tf.layers.Layer {
    static readonly className = "Bidirectional";
    readonly #directions: Directions;

    constructor(config: LayerConfig, directions: Directions) {
      super(config);
      this.#directions = directions;
    }

    override build(shape: number[]): void {
      const { forward, backward } = this.#directions;
      for (const layer of [forward, backward]) {
        layer.build(shape);
        this._trainableWeights.push(...layer.trainableWeights);
      }
      this.built = true;
    }

    override computeOutputShape(shape: number[]): number[] {
      const { forward, merge } = this.#directions;
      const one = forward.computeOutputShape(shape) as number[];
      return merge === "concat" ? [...one.slice(0, -1), 2 * one.at(-1)!] : one;
    }

    override call(inputs: Tensor | Tensor[], options: { training?: boolean }): Tensor {
      const { forward, backward, layout, returnSequences } = this.#directions;
      const x = onlyInput(inputs);
      const ahead = forward.call(x, options) as Tensor;
      const reversed = backward.call(tf.reverse(x, timeAxis(layout.input)), options) as Tensor;
      // Reversed back, so that both outputs of a sample have the same position.
      return this.#merged(ahead, returnSequences ? tf.reverse(reversed, timeAxis(layout.output)) : reversed);
    }

    #merged(ahead: Tensor, reversed: Tensor): Tensor {
      switch (this.#directions.merge) {
        case "concat":
          return tf.concat([ahead, reversed], -1);
        case "sum":
          return tf.add(ahead, reversed);
        case "average":
          return tf.mul(tf.add(ahead, reversed), 0.5);
        case "multiply":
          return tf.mul(ahead, reversed);
      }
    }
  };
}

function timeAxis(layout: SequenceLayout["input"]): number {
  return layout === "time-first" ? 0 : 1;
}
