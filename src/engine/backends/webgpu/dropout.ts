/** Dropout, whose masks have the bits of native/dropout-kernels.h. A thread draws the four numbers of a counter. */
import type { DispatchList, DispatchSpec } from "./dispatch-list.ts";
import { forEach } from "./elementwise.ts";
import type { GpuKernels } from "./kernel-types.ts";
import { stepNumbers } from "../../plan/plan.ts";

/** Philox4x32-10 (native/philox.h), and the stream of a seed (native/random-stream.cpp). */
const PHILOX = `
fn high_product(a: u32, b: u32) -> u32 {
  let low = (a & 0xFFFFu) * (b & 0xFFFFu);
  let middle = (a >> 16u) * (b & 0xFFFFu) + (low >> 16u);
  let other = (a & 0xFFFFu) * (b >> 16u) + (middle & 0xFFFFu);
  return (a >> 16u) * (b >> 16u) + (middle >> 16u) + (other >> 16u);
}

fn philox(counter: vec4u, first_key: vec2u) -> vec4u {
  var c = counter;
  var key = first_key;
  for (var round = 0u; round < 10u; round++) {
    c = vec4u(
      high_product(0xCD9E8D57u, c.z) ^ c.y ^ key.x,
      0xCD9E8D57u * c.z,
      high_product(0xD2511F53u, c.x) ^ c.w ^ key.y,
      0xD2511F53u * c.x);
    key += vec2u(0x9E3779B9u, 0xBB67AE85u);
  }
  return c;
}

fn sign_word(seed: u32) -> u32 { return select(0u, 0xFFFFFFFFu, bitcast<i32>(seed) < 0); }
`;

/** sin and cos of a turn's share (native/noise-kernels.h): a device's functions may be wrong by 2⁻¹¹. */
const TURN = `
fn of_turn(share: f32) -> vec2f {
  let quarter = u32(share * 4.0 + 0.5);
  let x = (share - f32(quarter) * 0.25) * 6.2831853;
  let z = x * x;
  let sine = ((z * -1.9515295891e-4 + 8.3321608736e-3) * z - 1.6666654611e-1) * z * x + x;
  let cosine = ((z * 2.4433157e-5 - 1.3887316e-3) * z + 4.1666646e-2) * z * z - 0.5 * z + 1.0;
  let turned = select(vec2f(sine, cosine), vec2f(cosine, sine), (quarter & 1u) != 0u);
  let signs = vec2f(select(1.0, -1.0, (quarter & 2u) != 0u), select(1.0, -1.0, ((quarter + 1u) & 2u) != 0u));
  return turned * signs;
}
`;

/** `drawn`: the four numbers of counter `i` of the layer's stream. */
const DRAWN = `let low = numbers_bits(${stepNumbers.seed}u);
    let high = numbers_bits(${stepNumbers.seed + 1}u) + n.number;
    let stream = philox(vec4u(low, sign_word(low), high, sign_word(high)), vec2u(0x3ec8f720u, 0x02461e29u));
    let drawn = philox(vec4u(i, 0u, stream.zw), stream.xy);`;

/** Adds a dispatch. @param store statements for number `at`, which have its `factor` */
function draw(
  list: DispatchList,
  buffers: DispatchSpec["buffers"],
  { count, number, rate }: { count: number; number: number; rate: number },
  store: string,
): void {
  const dropped = Math.fround(rate);
  forEach(list, Math.ceil(count / 4), {
    buffers,
    integers: { values: count, number },
    reals: { rate: dropped, scale: 1 / (1 - dropped) },
    code: PHILOX,
    body: `${DRAWN}
    for (var j = 0u; j < 4u && 4u * i + j < n.values; j++) {
      let at = 4u * i + j;
      let uniform_value = bitcast<f32>((drawn[j] & 0x7FFFFFu) | 0x3F800000u) - 1.0;
      let factor = select(0.0, n.scale, uniform_value >= n.rate);
      ${store}
    }`,
  });
}

export const dropoutKernels: Pick<GpuKernels, "dropout" | "dropout-mask" | "gaussian-noise"> = {
  "gaussian-noise": ({ numbers, x, y, count, number, deviation }, list) => {
    forEach(list, Math.ceil(count / 4), {
      buffers: { numbers, x, y },
      integers: { values: count, number },
      reals: { deviation },
      code: `${PHILOX}${TURN}`,
      body: `${DRAWN}
    for (var pair = 0u; pair < 4u; pair += 2u) {
      let radius = max(bitcast<f32>((drawn[pair] & 0x7FFFFFu) | 0x3F800000u) - 1.0, 1e-7);
      let turn = of_turn(bitcast<f32>((drawn[pair + 1u] & 0x7FFFFFu) | 0x3F800000u) - 1.0);
      let size = n.deviation * sqrt(-2.0 * log(radius));
      let at = 4u * i + pair;
      if (at < n.values) { set_y(at, x_at(at) + size * turn.x); }
      if (at + 1u < n.values) { set_y(at + 1u, x_at(at + 1u) + size * turn.y); }
    }`,
    });
  },
  dropout: ({ numbers, x, y, mask, ...drawing }, list) => {
    const keep = mask === null ? "" : "set_mask(at, factor);";
    draw(list, { numbers, x, y, mask }, drawing, `set_y(at, x_at(at) * factor); ${keep}`);
  },
  "dropout-mask": ({ numbers, mask, ...drawing }, list) => {
    draw(list, { numbers, mask }, drawing, "set_mask(at, factor);");
  },
};
