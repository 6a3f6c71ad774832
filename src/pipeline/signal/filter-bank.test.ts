import { expect, it } from "vitest";
import { randomStream } from "../random.ts";
import { daubechies } from "./daubechies.ts";
import { addDetail, analyse, coefficientLength, extendSymmetric, paddedBuffer, synthesise } from "./filter-bank.ts";

it("reflects a signal shorter than its padding repeatedly", () => {
  const taps = 8;
  const padded = paddedBuffer(2, taps);
  padded.set([1, 2], taps - 1);
  extendSymmetric(padded, 2, taps);
  expect([...padded]).toEqual([2, 2, 1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 2, 2, 1, 1]);
});

// Compared with the definitions, summed in the same order: equal to the last bit, for the unrolled 8 taps and for the
// others.
it.each(["db1", "db2", "db4", "db5"])("convolves and halves, doubles and convolves: %s", (name) => {
  const bank = daubechies(name);
  const { taps } = bank;
  const random = randomStream(3, name);
  for (let length = 1; length < 24; length++) {
    const padded = paddedBuffer(length, taps);
    for (let i = 0; i < length; i++) padded[taps - 1 + i] = random.normal();
    extendSymmetric(padded, length, taps);
    const count = coefficientLength(length, taps);
    const filtered = (filter: Float64Array): Float64Array =>
      Float64Array.from({ length: count }, (_, k) =>
        filter.reduce((sum, coefficient, tap) => sum + coefficient * padded[2 * k + taps - tap], 0),
      );
    const approximation = new Float64Array(count + 5);
    const detail = new Float64Array(count);
    analyse(bank, { padded, count, approximation, approximationStart: 3, detail });
    expect(detail).toEqual(filtered(bank.decompositionHigh));
    expect(approximation.slice(3, 3 + count)).toEqual(filtered(bank.decompositionLow));
    expect([...approximation.slice(0, 3), ...approximation.slice(3 + count)]).toEqual([0, 0, 0, 0, 0]);

    // With zeros, as after thresholding.
    detail.forEach((value, k) => (detail[k] = Math.abs(value) < 0.7 ? 0 : value));
    const samples = 2 * count - taps + 2;
    const upsampled = (coefficients: Float64Array, filter: Float64Array, sample: number): number => {
      let sum = 0;
      for (let tap = sample % 2; tap < taps; tap += 2)
        sum += filter[tap] * coefficients[(sample + taps - 2 - tap) >> 1];
      return sum;
    };
    const expected = Float64Array.from(
      { length: samples },
      (_, i) =>
        upsampled(approximation.subarray(3), bank.reconstructionLow, i) + upsampled(detail, bank.reconstructionHigh, i),
    );
    const signal = new Float64Array(samples + 2);
    synthesise(bank, { approximation, approximationStart: 3, count, signal, signalStart: 1 });
    addDetail(bank, { detail, count, signal, signalStart: 1 });
    expect(signal).toEqual(Float64Array.of(0, ...expected, 0));
  }
});
