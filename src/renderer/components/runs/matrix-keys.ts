/** Keyboard navigation in a confusion matrix: each arrow key moves to the next cell that has beats. */
import type { ConfusionMatrix } from "../../../contract/domain/evaluation.ts";

/** Row (true class) and column (predicted class). */
export type Cell = readonly [row: number, column: number];

const STEPS: Record<string, Cell> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

/** Returns the next cell with beats in the key's direction; null at the edge, and for keys other than arrows. */
export function nextCell(confusion: ConfusionMatrix, [row, column]: Cell, key: string): Cell | null {
  const step = STEPS[key];
  if (step === undefined) return null;
  for (let [i, j] = [row + step[0], column + step[1]]; confusion[i]?.[j] !== undefined; i += step[0], j += step[1])
    if (confusion[i][j] > 0) return [i, j];
  return null;
}
