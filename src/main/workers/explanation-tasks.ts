/** Task of the worker thread that explains predictions. */
import type { BeatExplanation } from "../../contract/domain/explanations.ts";
import type { NetworkSpec } from "../../contract/domain/networks.ts";

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
};
