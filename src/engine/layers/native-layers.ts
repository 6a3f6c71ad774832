/**
 * Layers made of TensorFlow's own ops, each with its gradient by hand: fewer ops than tfjs takes, and none that hides a random
 * number made in JavaScript. They have the weights of the library's layers, in the same order.
 */
import type { layers, Tensor } from "@tensorflow/tfjs-node-gpu";
import { createRawOps, type RawOps } from "../raw-ops.ts";
import type { TensorFlow } from "../tensorflow.ts";
import { differentiable } from "./differentiable.ts";
import type { LayerContext } from "./layer-context.ts";
import { BATCH_FIRST, type LayerConfig } from "./layer-spec.ts";
import { libraryLayers, type LayerMaker } from "./library-layers.ts";
import { lstmLayer } from "./native-lstm.ts";

/** Keras' defaults. */
const MOMENTUM = 0.99;
const EPSILON = 1e-3;

export function nativeLayers(tf: TensorFlow, context: LayerContext): LayerMaker {
  const ops = createRawOps(tf);
  const library = libraryLayers(tf);
  const Lstm = lstmLayer(tf, ops, context, linear(tf, ops, "linear"));
  let dropouts = 0;
  return (spec, inputShape, layout = BATCH_FIRST) => {
    const config = inputShape === undefined ? {} : { inputShape };
    switch (spec.kind) {
      case "dense":
        if (spec.activation === "softmax") return library(spec, inputShape);
        return new (denseLayer(tf, ops))(config, spec.units, spec.activation);
      case "conv1d":
        return new (conv1dLayer(tf, ops))(config, spec.filters, spec.kernelSize, spec.activation);
      case "batch-normalization":
        return new (batchNormalizationLayer(tf, ops))(config);
      case "dropout":
        return new (dropoutLayer(tf, ops))(config, spec.rate, context, dropouts++);
      case "max-pooling-1d":
      case "global-average-pooling-1d":
        return library(spec, inputShape);
      case "lstm":
        return new Lstm(config, spec.units, spec.returnSequences, layout);
    }
  };
}

function single(inputs: Tensor | Tensor[]): Tensor {
  return Array.isArray(inputs) ? inputs[0] : inputs;
}

/** x · kernel + bias, and a ReLU where it is wanted: [rows, in] · [in, out] + [out]. */
function linear(tf: TensorFlow, ops: RawOps, activation: "relu" | "linear"): (...inputs: Tensor[]) => Tensor {
  return differentiable(tf, ([x, kernel, bias], save) => {
    const sum = ops.biasAdd(ops.matMul(x, kernel), bias);
    const y = activation === "relu" ? ops.relu(sum) : sum;
    save([x, kernel, y]);
    return {
      value: y,
      gradFunc: (dy, [x, kernel, y]) => {
        const d = activation === "relu" ? ops.reluGrad(dy, y) : dy;
        return [ops.matMul(d, kernel, false, true), ops.matMul(x, d, true, false), ops.biasAddGrad(d)];
      },
    };
  });
}

function denseLayer(tf: TensorFlow, ops: RawOps) {
  return class Dense extends tf.layers.Layer {
    static readonly className = "Dense";
    readonly #units: number;
    readonly #compute: (...inputs: Tensor[]) => Tensor;
    #kernel!: ReturnType<layers.Layer["addWeight"]>;
    #bias!: ReturnType<layers.Layer["addWeight"]>;

    constructor(config: LayerConfig, units: number, activation: "relu" | "linear") {
      super(config);
      this.#units = units;
      this.#compute = linear(tf, ops, activation);
    }

    override build(shape: number[]): void {
      const zeros = tf.initializers.zeros();
      this.#kernel = this.addWeight("kernel", [shape.at(-1)!, this.#units], "float32", zeros);
      this.#bias = this.addWeight("bias", [this.#units], "float32", zeros);
      this.built = true;
    }

    override computeOutputShape(shape: number[]): number[] {
      return [...shape.slice(0, -1), this.#units];
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      return this.#compute(single(inputs), this.#kernel.read(), this.#bias.read());
    }
  };
}

function conv1dLayer(tf: TensorFlow, ops: RawOps) {
  return class Conv1D extends tf.layers.Layer {
    static readonly className = "Conv1D";
    readonly #filters: number;
    readonly #kernelSize: number;
    readonly #compute: (...inputs: Tensor[]) => Tensor;
    #kernel!: ReturnType<layers.Layer["addWeight"]>;
    #bias!: ReturnType<layers.Layer["addWeight"]>;

    constructor(config: LayerConfig, filters: number, kernelSize: number, activation: "relu" | "linear") {
      super(config);
      this.#filters = filters;
      this.#kernelSize = kernelSize;
      // x [batch, 1, time, in], kernel [1, taps, in, out]
      this.#compute = differentiable(tf, ([x, kernel, bias], save) => {
        const linear = ops.biasAdd(ops.conv2d(x, kernel, "SAME"), bias);
        const y = activation === "relu" ? ops.relu(linear) : linear;
        save([x, kernel, y]);
        return {
          value: y,
          gradFunc: (dy, [x, kernel, y]) => {
            const d = activation === "relu" ? ops.reluGrad(dy, y) : dy;
            return [
              ops.conv2dInputGrad(x, kernel, d, "SAME"),
              ops.conv2dKernelGrad(x, kernel, d, "SAME"),
              ops.biasAddGrad(d),
            ];
          },
        };
      });
    }

    override build(shape: number[]): void {
      const zeros = tf.initializers.zeros();
      this.#kernel = this.addWeight("kernel", [this.#kernelSize, shape.at(-1)!, this.#filters], "float32", zeros);
      this.#bias = this.addWeight("bias", [this.#filters], "float32", zeros);
      this.built = true;
    }

    override computeOutputShape(shape: number[]): number[] {
      return [...shape.slice(0, -1), this.#filters];
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      const x = single(inputs);
      const [batch, time, channels] = x.shape as [number, number, number];
      const y = this.#compute(
        tf.reshape(x, [batch, 1, time, channels]),
        tf.reshape(this.#kernel.read(), [1, this.#kernelSize, channels, this.#filters]),
        this.#bias.read(),
      );
      return tf.reshape(y, [batch, time, this.#filters]);
    }
  };
}

function batchNormalizationLayer(tf: TensorFlow, ops: RawOps) {
  return class BatchNormalization extends tf.layers.Layer {
    static readonly className = "BatchNormalization";
    #gamma!: ReturnType<layers.Layer["addWeight"]>;
    #beta!: ReturnType<layers.Layer["addWeight"]>;
    #mean!: ReturnType<layers.Layer["addWeight"]>;
    #variance!: ReturnType<layers.Layer["addWeight"]>;

    override build(shape: number[]): void {
      const weight = (name: string, trainable: boolean) =>
        this.addWeight(name, [shape.at(-1)!], "float32", tf.initializers.zeros(), undefined, trainable);
      this.#gamma = weight("gamma", true);
      this.#beta = weight("beta", true);
      this.#mean = weight("moving_mean", false);
      this.#variance = weight("moving_variance", false);
      this.built = true;
    }

    override computeOutputShape(shape: number[]): number[] {
      return shape;
    }

    override call(inputs: Tensor | Tensor[], options: { training?: boolean }): Tensor {
      const x = single(inputs);
      if (options.training !== true) {
        const scale = tf.div(this.#gamma.read(), tf.sqrt(tf.add(this.#variance.read(), EPSILON)));
        return tf.add(tf.mul(x, scale), tf.sub(this.#beta.read(), tf.mul(this.#mean.read(), scale)));
      }
      const channels = x.shape.at(-1)!;
      const count = x.size / channels;
      let statistics: Tensor[] = [];
      const compute = differentiable(tf, ([x4, gamma, beta], save) => {
        const [y, mean, variance, ...reserved] = ops.batchNorm(x4, gamma, beta, EPSILON);
        statistics = [tf.keep(mean), tf.keep(variance)];
        save([x4, gamma, ...reserved]);
        return {
          value: y,
          gradFunc: (dy, [x4, gamma, ...reserved]) => ops.batchNormGrad(dy, x4, gamma, reserved, EPSILON),
        };
      });
      const y = compute(
        tf.reshape(x, [x.shape[0], 1, count / x.shape[0], channels]),
        this.#gamma.read(),
        this.#beta.read(),
      );
      const [mean, variance] = statistics;
      // Keras averages the population variance; the op gives the unbiased one.
      this.#follow(this.#mean, mean, 1);
      this.#follow(this.#variance, variance, (count - 1) / count);
      tf.dispose(statistics);
      return tf.reshape(y, x.shape);
    }

    /** moving ← momentum · moving + (1 − momentum) · factor · batch */
    #follow(moving: ReturnType<layers.Layer["addWeight"]>, batch: Tensor, factor: number): void {
      moving.write(tf.add(tf.mul(moving.read(), MOMENTUM), tf.mul(batch, (1 - MOMENTUM) * factor)));
    }
  };
}

function dropoutLayer(tf: TensorFlow, ops: RawOps) {
  return class Dropout extends tf.layers.Layer {
    static readonly className = "Dropout";
    readonly #rate: number;
    readonly #context: LayerContext;
    readonly #number: number;

    /** @param number of the dropout layer in the network: each draws masks of its own */
    constructor(config: LayerConfig, rate: number, context: LayerContext, number: number) {
      super(config);
      this.#rate = rate;
      this.#context = context;
      this.#number = number;
    }

    override computeOutputShape(shape: number[]): number[] {
      return shape;
    }

    /** Kept values are scaled by 1 / (1 − rate), so that nothing need be scaled in prediction. */
    override call(inputs: Tensor | Tensor[], options: { training?: boolean }): Tensor {
      const x = single(inputs);
      if (options.training !== true || this.#rate === 0) return x;
      const uniform = ops.statelessUniform(
        x.shape,
        tf.add(this.#context.maskSeed!, tf.tensor1d([0, this.#number], "int32")),
      );
      const kept = tf.cast(tf.greaterEqual(uniform, this.#rate), "float32");
      return tf.mul(x, tf.mul(kept, 1 / (1 - this.#rate)));
    }
  };
}
