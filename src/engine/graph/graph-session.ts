/** A graph loaded by TensorFlow: fed and fetched by name. Its variables live until it is disposed. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import { nodeBackend } from "../tensorflow/binding.ts";
import { dtypes, TAG, type GraphBuilder } from "./graph-builder.ts";

export interface Feed {
  name: string;
  shape: readonly number[];
  values: Float32Array | Int32Array;
}

export interface GraphSession {
  /** Runs the graph. @returns values of the outputs, in their order */
  run(feeds: readonly Feed[], outputs: readonly string[]): (Float32Array | Int32Array)[];
  dispose(): void;
}

/** Loads a graph. */
export function openGraph(tf: TensorFlow, graph: GraphBuilder): GraphSession {
  const { binding } = nodeBackend(tf);
  // The binding reads graphs from the disk only.
  const folder = mkdtempSync(join(tmpdir(), "ectopy-graph-"));
  let id: number;
  try {
    graph.save(folder);
    id = binding.loadSavedModel(folder, TAG);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    run(feeds, outputs) {
      // TensorFlow refuses a run without outputs.
      if (outputs.length === 0) return [];
      const inputs = feeds.map(({ shape, values }) =>
        binding.createTensor([...shape], values instanceof Float32Array ? dtypes.float32 : dtypes.int32, values),
      );
      try {
        const names = feeds.map(({ name }) => `${name}:0`).join(",");
        const handles = binding.runSavedModel(id, inputs, names, outputs.map((name) => `${name}:0`).join(","));
        return handles.map((handle) => {
          const values = binding.tensorDataSync(handle.id) as Float32Array | Int32Array;
          binding.deleteTensor(handle.id);
          return values;
        });
      } finally {
        for (const input of inputs) binding.deleteTensor(input);
      }
    },
    dispose: () => binding.deleteSavedModel(id),
  };
}
