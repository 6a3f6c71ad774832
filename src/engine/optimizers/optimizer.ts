/**
 * What an optimizer is: a rule that changes a weight by its gradient, and what it remembers of each weight between steps. Each
 * is written twice, op by op and as nodes of a graph, and the two are held against each other and against Keras.
 */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { GraphBuilder, Output } from "../graph/graph-builder.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";

export interface Optimizer {
  /** What is remembered of each weight, in its shape; all 0 at first. */
  readonly slots: readonly string[];
  /** What changes from step to step, by name: fed to the graph. @param step from 1 */
  numbers(step: number, learningRate: number): Record<string, number>;
  /** One weight changed, op by op. */
  apply(tf: TensorFlow, weight: Tensor, slots: Tensor[], gradient: Tensor, numbers: Record<string, number>): Changed;
  /** The same as nodes. @returns a node that is done when the weight and its slots have been changed */
  addUpdate(graph: GraphBuilder, weight: GraphWeight, gradient: Output, numbers: Record<string, Output>): Output;
}

export interface Changed {
  weight: Tensor;
  /** In the order of `Optimizer.slots`. */
  slots: Tensor[];
}

export interface GraphWeight {
  /** Its variable. */
  handle: Output;
  /** Its value before the step. */
  value: Output;
  /** Variables, in the order of `Optimizer.slots`. */
  slots: readonly Output[];
  /** What must have been done before anything is changed. */
  after: readonly string[];
}
