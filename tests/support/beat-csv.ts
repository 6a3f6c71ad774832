/** Writes tables of beats in the manner of Kaggle's, with invented beats. */
import { writeFileSync } from "node:fs";

const SAMPLES = 187;

/** @param counts number of beats of each class, by its number; each class has another shape */
export function writeBeatTable(path: string, counts: Readonly<Record<number, number>>): void {
  const classes = Object.entries(counts).flatMap(([number, beats]) =>
    Array.from({ length: beats }, () => Number(number)),
  );
  const rows = classes.map((number, beat) => {
    const wave = (i: number): number => {
      const [peak, second] = [(i - 4 - number) / 4, (i - 50 - 12 * number - (beat % 5)) / (8 + number)];
      return i > 150 - (beat % 9) ? 0 : Math.exp(-peak * peak) + 0.3 * Math.exp(-second * second);
    };
    return [
      ...Array.from({ length: SAMPLES }, (_, i) => Math.min(1, wave(i)).toExponential(18)),
      number.toExponential(18),
    ];
  });
  writeFileSync(path, rows.map((row) => row.join(",")).join("\n") + "\n");
}
