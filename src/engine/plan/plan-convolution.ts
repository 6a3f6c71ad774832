/** Adds convolutions and zero padding to a program (plan-layers.ts). */
import type { LayerSpec } from "../../contract/domain/networks.ts";
import { hasBias } from "../networks/bias.ts";
import { dilationOf, placeWindows, windowsOf, type ConvolutionLayer } from "../networks/windows.ts";
import { activate, guide, keptOf, throughActivation } from "./plan-activation.ts";
import { gradientOf, giveGradient, output, type LayerPlanning, type Value } from "./plan-value.ts";
import type { BufferIndex } from "./program-builder.ts";

/** Adds a convolution with its activation. */
export function conv1d(planning: LayerPlanning, x: Value, spec: ConvolutionLayer): Value {
  const { program, batch } = planning;
  const { filters, kernelSize, strides } = spec;
  const [time, channels] = x.shape;
  const kernel = planning.weight("kernel");
  const bias = hasBias(spec) ? planning.weight("bias") : null;
  const { count: outTime, before } = placeWindows(time, windowsOf(spec));
  const y = output(planning, [outTime, filters], { needsGradient: true, layout: x.layout });
  const fused = spec.activation === "relu" || spec.activation === "linear";
  const sum = fused ? y.buffer : program.add(`${program.layer}/sum`, program.sizeOf(y.buffer));
  const sizes = {
    batch,
    time,
    in: channels,
    out: filters,
    taps: kernelSize,
    stride: strides,
    before,
    outTime,
    dilation: dilationOf(spec),
    relu: spec.activation === "relu" ? 1 : 0,
  };
  program.call("conv1d", { x: x.buffer, kernel: kernel.value, bias: bias?.value ?? null, y: sum, ...sizes });
  if (!fused) activate(planning, spec.activation, sum, y.buffer);
  planning.backward(() => {
    const d = gradientOf(y);
    if (!fused) throughActivation(planning, spec.activation, keptOf(spec.activation) === "input" ? sum : y.buffer, d);
    else if (spec.activation === "relu") guide(planning, d);
    const call = (dx: BufferIndex | null): void =>
      program.call("conv1d-gradient", {
        dy: d,
        x: x.buffer,
        kernel: kernel.value,
        y: sum,
        dx,
        dKernel: kernel.gradient!,
        dBias: bias?.gradient ?? null,
        ...sizes,
      });
    if (x.needsGradient) giveGradient(planning, x, call);
    else call(null);
  });
  return y;
}

/** Adds zeros before and after a sequence. */
export function zeroPadding(
  planning: LayerPlanning,
  x: Value,
  { before, after }: Extract<LayerSpec, { kind: "zero-padding-1d" }>,
): Value {
  const { program, batch: rows } = planning;
  const [time, channels] = x.shape;
  const y = output(planning, [before + time + after, channels], x);
  const [xColumns, yColumns, to] = [time * channels, (before + time + after) * channels, before * channels];
  program.call("pad-rows", { x: x.buffer, y: y.buffer, rows, xColumns, yColumns, to });
  planning.backward(() => {
    if (!x.needsGradient) return;
    const dy = gradientOf(y);
    // The gradient without the zeros: a row of y gives a row of x.
    const columns = { rows, xColumns: yColumns, from: to, yColumns: xColumns, to: 0, count: xColumns };
    giveGradient(planning, x, (dx) => program.call("copy-columns", { x: dy, y: dx, ...columns }));
  });
  return y;
}
