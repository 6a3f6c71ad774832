/** Tasks of the worker thread that explains predictions. */
import type { ClassShapes } from "../../contract/domain/class-shapes.ts";
import type { BeatExplanation } from "../../contract/domain/explanations.ts";
import type { NetworkSpec } from "../../contract/domain/networks.ts";
import type { FoundShapes } from "../../pipeline/evaluation/class-shapes.ts";

// A type, not an interface: TypeScript assigns only a type alias to an index signature, as TaskMap has.
export type ExplanationTasks = {
  explain: {
    input: {
      /** Index of the beat in the test set, and number of the class. */
      number: number;
      label: number;
      /** The run's network, or those of an ensemble's members. */
      networks: readonly NetworkSpec[];
      /** Folder of the run, with its model. */
      modelFolder: string;
      preparationFolder: string;
    };
    output: Omit<BeatExplanation, "label">;
  };
  /** Finds the mean beats of the classes, and the confused beats. */
  classShapes: {
    input: {
      preparationFolder: string;
      /** Class of each test beat by its label, and by the run. */
      truth: Uint8Array;
      predicted: Uint8Array;
    };
    output: FoundShapes & Pick<ClassShapes, "channels">;
  };
};
