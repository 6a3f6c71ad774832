/**
 * Seeded random numbers: the same seed and name give the same numbers on every machine and with any number of cores.
 *
 * xoshiro128** 1.1 (Blackman & Vigna 2018, https://prng.di.unimi.it/). splitmix32 fills its state from a hash of the
 * seed and the stream's name: each use has a separate stream, so that the order of work does not change the numbers.
 */

export interface RandomStream {
  /** An integer of 32 bits, 0 to 4294967295. */
  uint32(): number;
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** A uniform integer in [0, n), without bias; n from 1 to 2³². */
  below(n: number): number;
  /** Standard normal (Marsaglia's polar method). */
  normal(): number;
}

/**
 * Returns a stream of random numbers.
 * @param seed an integer, 0 to 2³²−1
 * @param name purpose of the numbers, such as `smote` or `split:3`
 */
export function randomStream(seed: number, ...name: (string | number)[]): RandomStream {
  let mix = fnv1a(`${seed}/${name.join("/")}`);
  const splitmix = (): number => {
    mix = (mix + 0x9e3779b9) | 0;
    let z = mix ^ (mix >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return z ^ (z >>> 15);
  };
  let a = splitmix();
  let b = splitmix();
  let c = splitmix();
  let d = splitmix() | 1; // never all zero
  let spare = Number.NaN;

  const uint32 = (): number => {
    const five = Math.imul(b, 5);
    const result = Math.imul((five << 7) | (five >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  const uniform = (): number => ((uint32() >>> 5) * 67108864 + (uint32() >>> 6)) / 9007199254740992;
  return {
    uint32,
    uniform,
    below(n) {
      if (!(n >= 1 && n <= 4294967296)) throw new RangeError(`below(${n}): n must lie between 1 and 2^32`);
      // Numbers below `first` would make small results more likely, and are drawn again.
      const first = 4294967296 % n;
      for (;;) {
        const draw = uint32();
        if (draw >= first) return draw % n;
      }
    },
    normal() {
      if (!Number.isNaN(spare)) {
        const value = spare;
        spare = Number.NaN;
        return value;
      }
      for (;;) {
        const u = 2 * uniform() - 1;
        const v = 2 * uniform() - 1;
        const s = u * u + v * v;
        if (s > 0 && s < 1) {
          const factor = Math.sqrt((-2 * Math.log(s)) / s);
          spare = v * factor;
          return u * factor;
        }
      }
    },
  };
}

/** Shuffles in place (Fisher–Yates); every order is equally likely. */
export function shuffle<T extends { length: number; [index: number]: number }>(values: T, random: RandomStream): T {
  for (let i = values.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const value = values[i];
    values[i] = values[j];
    values[j] = value;
  }
  return values;
}

/** FNV-1a over UTF-16 code units, 32 bits. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash | 0;
}
