/** Batch normalization of rows: a workgroup has all rows of its channels, so that each pass is one dispatch. */
import { COLUMN_SUMS, columnGroups, columnSumsMain } from "./column-sums.ts";
import type { GpuKernels } from "./kernel-types.ts";

const forRows = (statements: string): string =>
  `if (inside) { for (var row = lane; row < n.rows; row += LANES) { let at = row * n.columns + column; ${statements} } }`;

export const normalizeRowsKernels: Pick<GpuKernels, "normalize-rows" | "normalize-rows-gradient"> = {
  "normalize-rows": (
    { x, gamma, beta, y, mean, variance, movingMean, movingVariance, rows, channels, epsilon, momentum },
    list,
  ) => {
    list.add({
      buffers: { x, gamma, beta, y, mean, variance, moving_mean: movingMean, moving_variance: movingVariance },
      integers: { rows, columns: channels },
      reals: { epsilon, momentum },
      grid: [columnGroups(channels), 1, 1],
      code: `${COLUMN_SUMS}
${columnSumsMain(`let share = 1.0 / f32(n.rows);
  var sum = 0.0;
  ${forRows("sum += x_at(at);")}
  let mean = sum_lanes(thread, sum) * share;
  var squares = 0.0;
  ${forRows("let distance = x_at(at) - mean; squares += distance * distance;")}
  let variance = sum_lanes(thread, squares) * share;
  if (!inside) { return; }
  let factor = gamma_at(column) / sqrt(variance + n.epsilon);
  let level = beta_at(column) - mean * factor;
  ${forRows("set_y(at, x_at(at) * factor + level);")}
  if (lane > 0u) { return; }
  set_mean(column, mean);
  set_variance(column, variance);
  set_moving_mean(column, moving_mean_at(column) * n.momentum + mean * (1.0 - n.momentum));
  set_moving_variance(column, moving_variance_at(column) * n.momentum + variance * (1.0 - n.momentum));`)}`,
    });
  },
  "normalize-rows-gradient": ({ dy, x, mean, variance, gamma, dx, dGamma, dBeta, rows, channels, epsilon }, list) => {
    list.add({
      buffers: { dy, x, mean, variance, gamma, dx, d_gamma: dGamma, d_beta: dBeta },
      integers: { rows, columns: channels },
      reals: { epsilon },
      grid: [columnGroups(channels), 1, 1],
      code: `${COLUMN_SUMS}
${columnSumsMain(`let share = 1.0 / f32(n.rows);
  var mean = 0.0;
  var inverse = 0.0;
  if (inside) {
    mean = mean_at(column);
    inverse = 1.0 / sqrt(variance_at(column) + n.epsilon);
  }
  var terms = 0.0;
  var products = 0.0;
  ${forRows("terms += dy_at(at); products += dy_at(at) * (x_at(at) - mean);")}
  let sum = sum_lanes(thread, terms);
  let product = sum_lanes(thread, products) * inverse;
  if (!inside) { return; }
  let factor = gamma_at(column) * inverse;
  let slope = factor * product * inverse * share;
  let level = factor * sum * share;
  ${forRows("set_dx(at, dy_at(at) * factor - level - (x_at(at) - mean) * slope);")}
  if (lane > 0u) { return; }
  set_d_gamma(column, product);
  set_d_beta(column, sum);`)}`,
    });
  },
};
