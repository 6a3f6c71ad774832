/** Adds pooling along time to a program (plan-layers.ts). */
import { placeWindows, windowsOf, type PoolingLayer } from "../networks/windows.ts";
import { gradientOf, giveGradient, output, type LayerPlanning, type Value } from "./plan-value.ts";

/** Adds max pooling. */
export function maxPool(planning: LayerPlanning, x: Value, spec: PoolingLayer): Value {
  const sizes = poolingSizes(planning, x, spec);
  return largest(planning, x, [sizes.outTime, sizes.channels], sizes);
}

/** Adds global max pooling: one window of the whole sequence. */
export function globalMaxPool(planning: LayerPlanning, x: Value): Value {
  const [time, channels] = x.shape;
  const sizes = { batch: planning.batch, time, channels, pool: time, stride: time, before: 0, outTime: 1 };
  return largest(planning, x, [channels], sizes);
}

type PoolingSizes = Record<"batch" | "time" | "channels" | "pool" | "stride" | "before" | "outTime", number>;

function poolingSizes({ batch }: LayerPlanning, x: Value, spec: PoolingLayer): PoolingSizes {
  const [time, channels] = x.shape;
  const windows = windowsOf(spec);
  const { count: outTime, before } = placeWindows(time, windows);
  return { batch, time, channels, pool: windows.size, stride: windows.strides, before, outTime };
}

function largest(planning: LayerPlanning, x: Value, shape: readonly number[], sizes: PoolingSizes): Value {
  const { program, backpropagates } = planning;
  const y = output(planning, shape, x);
  const keeps = backpropagates && x.needsGradient;
  const chosen = keeps ? program.add(`${program.layer}/chosen`, program.sizeOf(y.buffer)) : null;
  program.call("max-pool", { x: x.buffer, y: y.buffer, chosen, ...sizes });
  planning.backward(() => {
    if (chosen === null) return;
    const dy = gradientOf(y);
    giveGradient(planning, x, (dx) => program.call("max-pool-gradient", { dy, chosen, dx, ...sizes }));
  });
  return y;
}

/** Adds average pooling. */
export function averagePool(planning: LayerPlanning, x: Value, spec: PoolingLayer): Value {
  const { program } = planning;
  const sizes = poolingSizes(planning, x, spec);
  const y = output(planning, [sizes.outTime, sizes.channels], x);
  program.call("average-windows", { x: x.buffer, y: y.buffer, ...sizes });
  planning.backward(() => {
    if (!x.needsGradient) return;
    const dy = gradientOf(y);
    giveGradient(planning, x, (dx) => program.call("average-windows-gradient", { dy, dx, ...sizes }));
  });
  return y;
}

/** Adds the mean over time. */
export function globalAveragePool(planning: LayerPlanning, x: Value): Value {
  const { program, batch } = planning;
  const [time, channels] = x.shape;
  const y = output(planning, [channels], x);
  const sizes = { batch, time, channels };
  program.call("average-pool", { x: x.buffer, y: y.buffer, ...sizes });
  planning.backward(() => {
    if (!x.needsGradient) return;
    const dy = gradientOf(y);
    giveGradient(planning, x, (dx) => program.call("average-pool-gradient", { dy, dx, ...sizes }));
  });
  return y;
}
