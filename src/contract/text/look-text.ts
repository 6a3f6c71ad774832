/** Text about the looks at a test set, the same in the window, the terminal and reports. */
import { counted, formatInteger } from "./format-number.ts";

const OPTIMISM = "Test metrics are optimistic where settings were chosen after some of them had been seen.";

/** Returns how often the test set was evaluated, and what that means for its metrics. */
export function lookText({ looks, sameRecordings }: { looks: number; sameRecordings: number }): string {
  return [
    `This test set has been evaluated ${times(looks)} in this workspace.`,
    ...(sameRecordings === 0
      ? []
      : [`Its recordings have been evaluated ${times(sameRecordings)} more, with other beats or classes.`]),
    ...(looks + sameRecordings === 1 ? [] : [OPTIMISM]),
  ].join(" ");
}

/** Returns which of the evaluations a run's was: it does not change with later runs. */
export function lookPositionText({ position }: { position: number }): string {
  return `This run's evaluation was number ${formatInteger(position)} on its test set in the workspace.`;
}

/** Returns the most looks at the test sets of several folds. */
export function foldLookText({ looks }: { looks: number }): string {
  const most = `The test set of each fold has been evaluated at most ${times(looks)} in this workspace.`;
  return looks === 1 ? most : `${most} ${OPTIMISM}`;
}

function times(count: number): string {
  return count === 1 ? "once" : counted(count, "time");
}
