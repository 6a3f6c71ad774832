/** Types of the used members of tfjs-node's native binding, which the package's types lack. */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { TensorFlow } from "./tensorflow.ts";

export interface OpAttribute {
  name: string;
  type: number;
  value: unknown;
}

export interface TensorHandle {
  id: number;
  shape: number[];
  dtype: number;
}

export interface Binding {
  TF_ATTR_STRING: number;
  TF_ATTR_INT: number;
  TF_ATTR_FLOAT: number;
  TF_ATTR_BOOL: number;
  TF_ATTR_TYPE: number;
  TF_ATTR_SHAPE: number;
  createTensor(shape: number[], dtype: number, values: ArrayLike<number>): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
  executeOp(name: string, attributes: OpAttribute[], inputIds: number[], outputs: number): TensorHandle[];
  loadSavedModel(folder: string, tag: string): number;
  deleteSavedModel(id: number): void;
  runSavedModel(id: number, inputIds: number[], inputNames: string, outputNames: string): TensorHandle[];
}

export interface NodeBackend {
  binding: Binding;
  getInputTensorIds(tensors: Tensor[]): number[];
  /** Makes a tensor of an operation's output, whose type TF.js must support. */
  createOutputTensor(handle: TensorHandle): Tensor;
  executeSingleOutput(name: string, attributes: OpAttribute[], inputs: Tensor[]): Tensor;
  executeMultipleOutputs(name: string, attributes: OpAttribute[], inputs: Tensor[], outputs: number): Tensor[];
}

export function nodeBackend(tf: TensorFlow): NodeBackend {
  return tf.backend() as unknown as NodeBackend;
}
