/** Adds layer normalization to a program (plan-layers.ts). */
import { gradientOf, giveGradient, output, type LayerPlanning, type Value } from "./plan-value.ts";

/** Adds a normalization of each row, or of each sample of a sequence. */
export function normalizeLayer(planning: LayerPlanning, x: Value, epsilon: number): Value {
  const { program, backpropagates } = planning;
  const channels = x.shape.at(-1)!;
  const [gamma, beta] = [planning.weight("gamma"), planning.weight("beta")];
  const y = output(planning, x.shape, { needsGradient: true, layout: x.layout });
  const rows = program.sizeOf(y.buffer) / channels;
  // Mean and 1 / σ of each row.
  const statistics = backpropagates ? program.add(`${program.layer}/statistics`, 2 * rows) : null;
  const weights = { gamma: gamma.value, beta: beta.value };
  program.call("normalize-layer", { x: x.buffer, ...weights, y: y.buffer, statistics, rows, channels, epsilon });
  planning.backward(() => {
    const dy = gradientOf(y);
    const call = (dx: number | null): void =>
      program.call("normalize-layer-gradient", {
        dy,
        x: x.buffer,
        statistics: statistics!,
        gamma: gamma.value,
        dx,
        dGamma: gamma.gradient!,
        dBeta: beta.gradient!,
        rows,
        channels,
      });
    if (x.needsGradient) giveGradient(planning, x, call);
    else call(null);
  });
  return y;
}
