/** Layer normalization: a thread computes a row; the gradients of gamma and beta are sums over rows. */
import { sumPairs } from "./column-sums.ts";
import { forEach } from "./elementwise.ts";
import type { GpuKernels } from "./kernel-types.ts";

const forChannels = (statements: string): string =>
  `for (var c = 0u; c < n.channels; c++) { let at = i * n.channels + c; ${statements} }`;

export const normalizeLayerKernels: Pick<GpuKernels, "normalize-layer" | "normalize-layer-gradient"> = {
  "normalize-layer": ({ x, gamma, beta, y, statistics, rows, channels, epsilon }, list) => {
    forEach(list, rows, {
      buffers: { x, gamma, beta, y, statistics },
      integers: { channels },
      reals: { epsilon },
      body: `let share = 1.0 / f32(n.channels);
    var sum = 0.0;
    ${forChannels("sum += x_at(at);")}
    let mean = sum * share;
    var squares = 0.0;
    ${forChannels("let distance = x_at(at) - mean; squares += distance * distance;")}
    let inverse = 1.0 / sqrt(squares * share + n.epsilon);
    ${forChannels("set_y(at, (x_at(at) - mean) * inverse * gamma_at(c) + beta_at(c));")}
    ${statistics === null ? "" : "set_statistics(2u * i, mean); set_statistics(2u * i + 1u, inverse);"}`,
    });
  },
  "normalize-layer-gradient": ({ dy, x, statistics, gamma, dx, dGamma, dBeta, rows, channels }, list) => {
    const { sums, parts } = sumPairs(list, {
      rows,
      columns: channels,
      buffers: { dy, x, statistics },
      terms: `b = dy_at(row * n.columns + column);
      a = b * (x_at(row * n.columns + column) - statistics_at(2u * row)) * statistics_at(2u * row + 1u);`,
    });
    forEach(list, channels, {
      buffers: { sums, d_gamma: dGamma, d_beta: dBeta },
      integers: { parts, channels },
      body: `var products = 0.0;
    var total = 0.0;
    for (var part = 0u; part < n.parts; part++) {
      products += sums_at(2u * part * n.channels + i);
      total += sums_at((2u * part + 1u) * n.channels + i);
    }
    set_d_gamma(i, products);
    set_d_beta(i, total);`,
    });
    if (dx === null) return;
    forEach(list, rows, {
      buffers: { dy, x, statistics, gamma, dx },
      integers: { channels },
      body: `let share = 1.0 / f32(n.channels);
    let mean = statistics_at(2u * i);
    let inverse = statistics_at(2u * i + 1u);
    var sum = 0.0;
    var products = 0.0;
    ${forChannels("let g = dy_at(at) * gamma_at(c); sum += g; products += g * (x_at(at) - mean);")}
    let level = sum * share;
    let slope = products * inverse * inverse * share;
    ${forChannels("set_dx(at, (dy_at(at) * gamma_at(c) - level - (x_at(at) - mean) * slope) * inverse);")}`,
    });
  },
};
