/** The option for the time between checkpoints. */
import { CHECKPOINT_EVERY } from "../services/training/checkpoint-interval.ts";
import { numberOf } from "./arguments.ts";

/** Parses the time between checkpoints. */
export const checkpointSeconds = numberOf({
  label: "Time between checkpoints",
  unit: "seconds",
  range: { min: 0, max: 86_400, aboveMin: true },
});

export const CHECKPOINT_OPTION = [
  "--checkpoint-every <seconds>",
  `time between checkpoints (default: ${CHECKPOINT_EVERY}); \`ectopy resume RUN\` continues from the last one`,
  checkpointSeconds,
] as const;
