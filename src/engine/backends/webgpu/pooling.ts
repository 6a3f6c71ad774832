/** Pooling of sequences along time. */
import { COLUMN_SUMS, columnGroups, columnSumsMain } from "./column-sums.ts";
import { forEach } from "./elementwise.ts";
import type { GpuKernels } from "./kernel-types.ts";

/** The samples `begin` to `end` of window `i / n.channels` that exist, as numbers among all beats' samples. */
const WINDOW = `let row = i / n.channels;
    let start = i32(row % n.out_time * n.stride) - i32(n.before);
    let begin = max(start, 0);
    let end = min(start + i32(n.pool), i32(n.time));
    let beat_start = row / n.out_time * n.time;
    let channel = i % n.channels;`;

/** The first window that reaches the time `t`, which is counted from the padding's begin. */
const FIRST_WINDOW = `let channel = i % n.channels;
    let t = i / n.channels % n.time + n.before;
    let beat = i / n.channels / n.time;
    var first = 0u;
    if (t >= n.pool) { first = (t - n.pool) / n.stride + 1u; }`;

export const poolingKernels: Pick<
  GpuKernels,
  | "max-pool"
  | "max-pool-gradient"
  | "average-windows"
  | "average-windows-gradient"
  | "average-pool"
  | "average-pool-gradient"
> = {
  "max-pool": ({ x, y, chosen, batch, time, channels, pool, stride, before, outTime }, list) => {
    forEach(list, batch * outTime * channels, {
      buffers: { x, y, chosen },
      integers: { time, channels, pool, stride, before, out_time: outTime },
      // What is not a number is passed on.
      body: `${WINDOW}
    var largest = x_at((beat_start + u32(begin)) * n.channels + channel);
    var position = u32(begin - start);
    for (var t = begin + 1; t < end; t++) {
      let value = x_at((beat_start + u32(t)) * n.channels + channel);
      if (value > largest || (value != value && largest == largest)) {
        largest = value;
        position = u32(t - start);
      }
    }
    set_y(i, largest);
    ${chosen === null ? "" : "set_chosen_bits(i, position);"}`,
    });
  },
  // Each input adds the gradients of the windows that have chosen it, from the first to the last.
  "max-pool-gradient": ({ dy, chosen, dx, batch, time, channels, pool, stride, before, outTime }, list) => {
    forEach(list, batch * time * channels, {
      buffers: { dy, chosen, dx },
      integers: { time, channels, pool, stride, before, out_time: outTime },
      body: `${FIRST_WINDOW}
    var sum = 0.0;
    for (var window = first; window < n.out_time && window * n.stride <= t; window++) {
      let at = (beat * n.out_time + window) * n.channels + channel;
      if (chosen_bits(at) == t - window * n.stride) { sum += dy_at(at); }
    }
    set_dx(i, sum);`,
    });
  },
  "average-windows": ({ x, y, batch, time, channels, pool, stride, before, outTime }, list) => {
    forEach(list, batch * outTime * channels, {
      buffers: { x, y },
      integers: { time, channels, pool, stride, before, out_time: outTime },
      body: `${WINDOW}
    var sum = 0.0;
    for (var t = begin; t < end; t++) { sum += x_at((beat_start + u32(t)) * n.channels + channel); }
    set_y(i, sum / f32(end - begin));`,
    });
  },
  "average-windows-gradient": ({ dy, dx, batch, time, channels, pool, stride, before, outTime }, list) => {
    forEach(list, batch * time * channels, {
      buffers: { dy, dx },
      integers: { time, channels, pool, stride, before, out_time: outTime },
      body: `${FIRST_WINDOW}
    var sum = 0.0;
    for (var window = first; window < n.out_time && window * n.stride <= t; window++) {
      let start = i32(window * n.stride) - i32(n.before);
      let size = min(start + i32(n.pool), i32(n.time)) - max(start, 0);
      sum += dy_at((beat * n.out_time + window) * n.channels + channel) / f32(size);
    }
    set_dx(i, sum);`,
    });
  },
  "average-pool": ({ x, y, batch, time, channels }, list) => {
    list.add({
      buffers: { x, y },
      integers: { time, columns: channels },
      grid: [columnGroups(channels), batch, 1],
      code: `${COLUMN_SUMS}
${columnSumsMain(`var sum = 0.0;
  if (inside) {
    for (var t = lane; t < n.time; t += LANES) { sum += x_at((group.y * n.time + t) * n.columns + column); }
  }
  let mean = sum_lanes(thread, sum) / f32(n.time);
  if (inside && lane == 0u) { set_y(group.y * n.columns + column, mean); }`)}`,
    });
  },
  "average-pool-gradient": ({ dy, dx, batch, time, channels }, list) => {
    forEach(list, batch * time * channels, {
      buffers: { dy, dx },
      integers: { time, channels },
      body: "set_dx(i, dy_at(i / n.channels / n.time * n.channels + i % n.channels) / f32(n.time));",
    });
  },
};
