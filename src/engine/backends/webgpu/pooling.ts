/** Pooling of sequences along time. */
import { COLUMN_SUMS, columnGroups, columnSumsMain } from "./column-sums.ts";
import { forEach } from "./elementwise.ts";
import type { GpuKernels } from "./kernel-types.ts";

export const poolingKernels: Pick<
  GpuKernels,
  "max-pool" | "max-pool-gradient" | "average-pool" | "average-pool-gradient"
> = {
  "max-pool": ({ x, y, chosen, batch, time, channels, pool, stride, outTime }, list) => {
    forEach(list, batch * outTime * channels, {
      buffers: { x, y, chosen },
      integers: { time, channels, pool, stride, out_time: outTime },
      // What is not a number is passed on.
      body: `let row = i / n.channels;
    let first = row / n.out_time * n.time + row % n.out_time * n.stride;
    var largest = x_at(first * n.channels + i % n.channels);
    var position = 0u;
    for (var p = 1u; p < n.pool; p++) {
      let value = x_at((first + p) * n.channels + i % n.channels);
      if (value > largest || (value != value && largest == largest)) {
        largest = value;
        position = p;
      }
    }
    set_y(i, largest);
    ${chosen === null ? "" : "set_chosen_bits(i, position);"}`,
    });
  },
  // Each input adds the gradients of the windows that have chosen it, from the first to the last.
  "max-pool-gradient": ({ dy, chosen, dx, batch, time, channels, pool, stride, outTime }, list) => {
    forEach(list, batch * time * channels, {
      buffers: { dy, chosen, dx },
      integers: { time, channels, pool, stride, out_time: outTime },
      body: `let channel = i % n.channels;
    let t = i / n.channels % n.time;
    let beat = i / n.channels / n.time;
    var first = 0u;
    if (t >= n.pool) { first = (t - n.pool) / n.stride + 1u; }
    var sum = 0.0;
    for (var window = first; window < n.out_time && window * n.stride <= t; window++) {
      let at = (beat * n.out_time + window) * n.channels + channel;
      if (chosen_bits(at) == t - window * n.stride) { sum += dy_at(at); }
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
