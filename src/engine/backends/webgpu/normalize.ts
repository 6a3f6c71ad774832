/**
 * Batch normalization of sequences, with the pooling after it, and the gradients (native/normalize-kernels.h). Statistics
 * are summed in parts, which a second dispatch combines in order.
 */
import { COLUMN_SUMS, columnGroups, columnSumsMain, rowParts, sumPairs } from "./column-sums.ts";
import type { DispatchList, Slot } from "./dispatch-list.ts";
import { forEach } from "./elementwise.ts";
import type { GpuKernels } from "./kernel-types.ts";

/** What a channel is multiplied by, and what is added. */
const AFFINE = `
struct Affine { scale: f32, shift: f32 }
fn affine(channel: u32) -> Affine {
  let scale = gamma_at(channel) / sqrt(variance_at(channel) + n.epsilon);
  return Affine(scale, beta_at(channel) - mean_at(channel) * scale);
}
`;

/** The largest normalized value of a window, and its position from the window's begin: the first of equal ones. */
const LARGEST = `
struct Largest { value: f32, position: u32 }
fn largest(first: u32, channel: u32) -> Largest {
  let of_channel = affine(channel);
  var found = Largest(x_at(first * n.channels + channel) * of_channel.scale + of_channel.shift, 0u);
  for (var position = 1u; position < n.pool; position++) {
    let value = x_at((first + position) * n.channels + channel) * of_channel.scale + of_channel.shift;
    if (value > found.value) { found = Largest(value, position); }
  }
  return found;
}
`;

interface Through {
  slopes: Slot;
  levels: Slot;
}

/**
 * Adds the dispatch from Σ dy and Σ dy · (x − mean) to the gradients of gamma and beta, and to what the statistics
 * contribute to that of x: slope · x + level.
 */
function throughStatistics(
  list: DispatchList,
  { sums, parts }: { sums: Slot; parts: number },
  args: {
    mean: Slot;
    variance: Slot;
    gamma: Slot;
    dGamma: Slot;
    dBeta: Slot;
    rows: number;
    channels: number;
    epsilon: number;
  },
): Through {
  const { mean, variance, gamma, dGamma, dBeta, rows, channels, epsilon } = args;
  const [slopes, levels] = [list.workspace(channels), list.workspace(channels)];
  forEach(list, channels, {
    buffers: { sums, mean, variance, gamma, d_gamma: dGamma, d_beta: dBeta, slopes, levels },
    integers: { parts, rows, channels },
    reals: { epsilon },
    body: `var sum = 0.0;
    var product = 0.0;
    for (var part = 0u; part < n.parts; part++) {
      sum += sums_at(2u * part * n.channels + i);
      product += sums_at((2u * part + 1u) * n.channels + i);
    }
    let variance = variance_at(i) + n.epsilon;
    let inverse = 1.0 / sqrt(variance);
    let scale = gamma_at(i) * inverse;
    let slope = -scale * product / (variance * f32(n.rows));
    set_d_gamma(i, product * inverse);
    set_d_beta(i, sum);
    set_slopes(i, slope);
    set_levels(i, -scale * sum / f32(n.rows) - slope * mean_at(i));`,
  });
  return { slopes, levels };
}

export const normalizeKernels: Pick<
  GpuKernels,
  "moments" | "normalize" | "normalize-gradient" | "normalize-average" | "normalize-average-gradient"
> = {
  moments: ({ x, mean, variance, movingMean, movingVariance, batch, time, channels, momentum }, list) => {
    const rows = batch * time;
    const { parts, rows: partRows } = rowParts(rows);
    const moments = list.workspace(parts * 2 * channels);
    const integers = { rows, columns: channels, parts, part_rows: partRows };
    list.add({
      buffers: { x, moments },
      integers,
      grid: [columnGroups(channels), parts, 1],
      code: `${COLUMN_SUMS}
${columnSumsMain(`let begin = group.y * n.part_rows;
  let end = min(begin + n.part_rows, n.rows);
  var sum = 0.0;
  if (inside) {
    for (var row = begin + lane; row < end; row += LANES) { sum += x_at(row * n.columns + column); }
  }
  let mean = sum_lanes(thread, sum) / f32(end - begin);
  var squares = 0.0;
  if (inside) {
    for (var row = begin + lane; row < end; row += LANES) {
      let distance = x_at(row * n.columns + column) - mean;
      squares += distance * distance;
    }
  }
  let total = sum_lanes(thread, squares);
  if (inside && lane == 0u) {
    set_moments(2u * group.y * n.columns + column, mean);
    set_moments((2u * group.y + 1u) * n.columns + column, total);
  }`)}`,
    });
    forEach(list, channels, {
      buffers: { moments, mean, variance, moving_mean: movingMean, moving_variance: movingVariance },
      integers,
      reals: { momentum },
      // The variance within the parts, and that of their means (Chan, Golub & LeVeque 1979).
      body: `var mean = 0.0;
    var squares = 0.0;
    var before = 0.0;
    for (var part = 0u; part < n.parts; part++) {
      let size = f32(min(n.part_rows, n.rows - part * n.part_rows));
      let distance = moments_at(2u * part * n.columns + i) - mean;
      let together = before + size;
      mean += distance * (size / together);
      squares += moments_at((2u * part + 1u) * n.columns + i) + distance * distance * (before * size / together);
      before = together;
    }
    let variance = squares / f32(n.rows);
    set_mean(i, mean);
    set_variance(i, variance);
    set_moving_mean(i, moving_mean_at(i) * n.momentum + mean * (1.0 - n.momentum));
    set_moving_variance(i, moving_variance_at(i) * n.momentum + variance * (1.0 - n.momentum));`,
    });
  },
  normalize: ({ x, mean, variance, gamma, beta, y, batch, time, channels, pool, epsilon }, list) => {
    const outTime = Math.floor(time / pool);
    forEach(list, batch * outTime * channels, {
      buffers: { x, mean, variance, gamma, beta, y },
      integers: { time, channels, pool, out_time: outTime },
      reals: { epsilon },
      code: AFFINE + LARGEST,
      body: `let row = i / n.channels;
    let first = row / n.out_time * n.time + row % n.out_time * n.pool;
    set_y(i, largest(first, i % n.channels).value);`,
    });
  },
  "normalize-gradient": (args, list) => {
    const { dy, x, mean, variance, gamma, beta, dx, batch, time, channels, pool, epsilon } = args;
    const outTime = Math.floor(time / pool);
    const shape = { time, channels, pool, out_time: outTime };
    const sums = sumPairs(list, {
      rows: batch * outTime,
      columns: channels,
      buffers: { dy, x, mean, variance, gamma, beta },
      integers: shape,
      reals: { epsilon },
      code: AFFINE + LARGEST,
      terms: `let first = row / n.out_time * n.time + row % n.out_time * n.pool;
      let chosen = first + largest(first, column).position;
      a = dy_at(row * n.columns + column);
      b = a * (x_at(chosen * n.columns + column) - mean_at(column));`,
    });
    const through = throughStatistics(list, sums, { ...args, rows: batch * time });
    // Windows, and an incomplete one at the end, which has no output.
    const windows = Math.ceil(time / pool);
    forEach(list, batch * windows * channels, {
      buffers: { dy, x, mean, variance, gamma, beta, dx, ...through },
      integers: { ...shape, windows },
      reals: { epsilon },
      code: AFFINE + LARGEST,
      body: `let channel = i % n.channels;
    let window = i / n.channels % n.windows;
    let beat = i / n.channels / n.windows;
    let first = beat * n.time + window * n.pool;
    let slope = slopes_at(channel);
    let level = levels_at(channel);
    let size = min(n.pool, n.time - window * n.pool);
    var chosen = size;
    var share = 0.0;
    if (window < n.out_time) {
      chosen = largest(first, channel).position;
      share = affine(channel).scale * dy_at((beat * n.out_time + window) * n.channels + channel);
    }
    for (var position = 0u; position < size; position++) {
      let at = (first + position) * n.channels + channel;
      set_dx(at, x_at(at) * slope + level + select(0.0, share, position == chosen));
    }`,
    });
  },
  "normalize-average": ({ x, mean, variance, gamma, beta, y, means, batch, time, channels, epsilon }, list) => {
    list.add({
      buffers: { x, mean, variance, gamma, beta, y, means },
      integers: { time, columns: channels },
      reals: { epsilon },
      grid: [columnGroups(channels), batch, 1],
      code: `${COLUMN_SUMS}
${AFFINE}
${columnSumsMain(`var sum = 0.0;
  if (inside) {
    for (var t = lane; t < n.time; t += LANES) { sum += x_at((group.y * n.time + t) * n.columns + column); }
  }
  let mean = sum_lanes(thread, sum) / f32(n.time);
  if (inside && lane == 0u) {
    let of_channel = affine(column);
    set_means(group.y * n.columns + column, mean);
    set_y(group.y * n.columns + column, mean * of_channel.scale + of_channel.shift);
  }`)}`,
    });
  },
  "normalize-average-gradient": (args, list) => {
    const { dy, x, means, mean, variance, gamma, beta, dx, batch, time, channels, epsilon } = args;
    const sums = sumPairs(list, {
      rows: batch,
      columns: channels,
      buffers: { dy, means, mean },
      terms: `a = dy_at(row * n.columns + column);
      b = a * (means_at(row * n.columns + column) - mean_at(column));`,
    });
    const through = throughStatistics(list, sums, { ...args, rows: batch * time });
    forEach(list, batch * time * channels, {
      buffers: { dy, x, mean, variance, gamma, beta, dx, ...through },
      integers: { time, channels },
      reals: { epsilon },
      code: AFFINE,
      body: `let channel = i % n.channels;
    let beat = i / n.channels / n.time;
    let level = levels_at(channel) + affine(channel).scale * dy_at(beat * n.channels + channel) / f32(n.time);
    set_dx(i, x_at(i) * slopes_at(channel) + level);`,
    });
  },
};
