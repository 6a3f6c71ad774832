/** Adds batch normalization to a program (plan-layers.ts). */
import { NORMALIZATION_EPSILON, NORMALIZATION_MOMENTUM } from "../networks/normalization.ts";
import { gradientOf, giveGradient, output, type LayerPlanning, type Value } from "./plan-value.ts";

/** Adds a normalization of rows. */
export function normalizeRows(planning: LayerPlanning, x: Value): Value {
  const { program, batch, training } = planning;
  const [channels] = x.shape;
  const roles = ["gamma", "beta", "moving_mean", "moving_variance"];
  const [gamma, beta, movingMean, movingVariance] = roles.map((role) => planning.weight(role));
  const y = output(planning, x.shape, { needsGradient: true, layout: x.layout });
  const given = { x: x.buffer, gamma: gamma.value, beta: beta.value, y: y.buffer };
  const epsilon = NORMALIZATION_EPSILON;
  if (!training) {
    // Rows as sequences of one channel set: without statistics of the batch, any split of the rows gives the same.
    const moving = { mean: movingMean.value, variance: movingVariance.value };
    const sizes = { ...splitRows(batch), channels };
    program.call("normalize", { ...given, ...moving, ...sizes, pool: 1, epsilon });
    throughMovingStatistics(planning, x, y, sizes);
    return y;
  }
  const [mean, variance] = ["mean", "variance"].map((name) => program.add(`${program.layer}/${name}`, channels));
  program.call("normalize-rows", {
    ...given,
    mean,
    variance,
    movingMean: movingMean.value,
    movingVariance: movingVariance.value,
    rows: batch,
    channels,
    epsilon,
    momentum: NORMALIZATION_MOMENTUM,
  });
  planning.backward(() => {
    const dy = gradientOf(y);
    giveGradient(planning, x, (dx) =>
      program.call("normalize-rows-gradient", {
        dy,
        x: x.buffer,
        mean,
        variance,
        gamma: gamma.value,
        dx,
        dGamma: gamma.gradient!,
        dBeta: beta.gradient!,
        rows: batch,
        channels,
        epsilon,
      }),
    );
  });
  return y;
}

/** Registers the backward calls of y = γ · (x − mean) / σ + β with moving statistics: dx is the same map of dy, without mean and β. */
function throughMovingStatistics(
  planning: LayerPlanning,
  x: Value,
  y: Value,
  sizes: { batch: number; time: number; channels: number },
): void {
  const { program, zeros } = planning;
  const [gamma, variance] = [planning.weight("gamma").value, planning.weight("moving_variance").value];
  planning.backward(() => {
    if (!x.needsGradient) return;
    const dy = gradientOf(y);
    const given = { mean: zeros!, variance, gamma, beta: zeros! };
    giveGradient(planning, x, (dx) =>
      program.call("normalize", { x: dy, ...given, y: dx, ...sizes, pool: 1, epsilon: NORMALIZATION_EPSILON }),
    );
  });
}

/** Returns rows as sequences, long enough to be worth a part of the work each. */
function splitRows(rows: number): { batch: number; time: number } {
  const time = [64, 32, 16, 8, 4, 2].find((each) => rows % each === 0) ?? 1;
  return { batch: rows / time, time };
}

/** Adds a normalization of sequences, together with the pooling after it. */
export function normalizeSequences(planning: LayerPlanning, x: Value): Value {
  const { program, batch, training, pooling } = planning;
  const [time, channels] = x.shape;
  const roles = ["gamma", "beta", "moving_mean", "moving_variance"];
  const [gamma, beta, movingMean, movingVariance] = roles.map((role) => planning.weight(role));
  const sizes = { batch, time, channels };
  const epsilon = NORMALIZATION_EPSILON;
  let [mean, variance] = [movingMean.value, movingVariance.value];
  if (training) {
    [mean, variance] = ["mean", "variance"].map((name) => program.add(`${program.layer}/${name}`, channels));
    program.call("moments", {
      x: x.buffer,
      mean,
      variance,
      movingMean: movingMean.value,
      movingVariance: movingVariance.value,
      ...sizes,
      momentum: NORMALIZATION_MOMENTUM,
    });
  }
  const statistics = { mean, variance, gamma: gamma.value, beta: beta.value };
  if (!training && pooling === null) {
    const y = output(planning, x.shape, { needsGradient: true, layout: x.layout });
    program.call("normalize", { x: x.buffer, ...statistics, y: y.buffer, ...sizes, pool: 1, epsilon });
    throughMovingStatistics(planning, x, y, sizes);
    return y;
  }
  const gradients = { dGamma: gamma.gradient!, dBeta: beta.gradient! };
  if (pooling?.kind === "global-average-pooling-1d") {
    const y = output(planning, [channels], { needsGradient: true, layout: x.layout });
    const means = program.add(`${program.layer}/means`, batch * channels);
    program.call("normalize-average", { x: x.buffer, ...statistics, y: y.buffer, means, ...sizes, epsilon });
    planning.backward(() => {
      const dy = gradientOf(y);
      giveGradient(planning, x, (dx) =>
        program.call("normalize-average-gradient", {
          dy,
          x: x.buffer,
          means,
          ...statistics,
          dx,
          ...gradients,
          ...sizes,
          epsilon,
        }),
      );
    });
    return y;
  }
  const pool = pooling?.poolSize ?? 1;
  const y = output(planning, [Math.floor(time / pool), channels], { needsGradient: true, layout: x.layout });
  program.call("normalize", { x: x.buffer, ...statistics, y: y.buffer, ...sizes, pool, epsilon });
  planning.backward(() => {
    const dy = gradientOf(y);
    giveGradient(planning, x, (dx) =>
      program.call("normalize-gradient", {
        dy,
        x: x.buffer,
        ...statistics,
        dx,
        ...gradients,
        ...sizes,
        pool,
        epsilon,
      }),
    );
  });
  return y;
}
