/**
 * Interface of an optimizer: a rule that updates a weight by its gradient, and slots that it keeps for each weight
 * between steps. Each optimizer has two implementations, op by op and as nodes of a graph, which are tested against
 * each other and against Keras.
 */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { GraphBuilder, Output } from "../graph/graph-builder.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";

export interface Optimizer extends UpdateRule {
  /** Names of the slots of each weight, in its shape; initially 0. */
  readonly slots: readonly string[];
}

export interface UpdateRule {
  /** Numbers that change from step to step and are fed to the graph, by name. @param step from 1 */
  numbers(step: number, learningRate: number): Record<string, number>;
  /** Updates one weight, op by op. */
  apply(
    tf: TensorFlow,
    weight: Tensor,
    slots: Tensor[],
    gradient: Tensor,
    numbers: Record<string, number>,
  ): UpdatedWeight;
  /** Adds the same update as nodes. @returns a node that is done when the weight and its slots have been updated */
  addUpdate(graph: GraphBuilder, weight: GraphWeight, gradient: Output, numbers: Record<string, Output>): Output;
}

export interface UpdatedWeight {
  weight: Tensor;
  /** In the order of `Optimizer.slots`. */
  slots: Tensor[];
}

export interface GraphWeight {
  /** Handle of its variable. */
  handle: Output;
  /** Its value before the step. */
  value: Output;
  /** Variables, in the order of `Optimizer.slots`. */
  slots: readonly Output[];
  /** Nodes that must be done before the update. */
  after: readonly string[];
}
