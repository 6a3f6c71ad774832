import { describe, expect, it } from "vitest";
import { presets } from "../../../contract/settings/network-presets.ts";
import { optimizerSchema } from "../../../contract/domain/optimization.ts";
import { makePlan } from "../../plan/make-plan.ts";
import type { Plan } from "../../plan/plan.ts";
import { compileProgram } from "./compile-program.ts";
import { UNIFORM_WORDS } from "./dispatch-list.ts";

/** The reference study's beats: half a second before and after the R-peak, at 360 Hz. */
const shape = { windowLength: 360, classes: 14 };
const optimizer = optimizerSchema.parse({ kind: "adam" });

function planOf(name: keyof typeof presets, batch: number): Plan {
  const clipping = { kind: "none" } as const;
  return makePlan({ network: presets[name], shape, batches: [batch], predictedAtOnce: 512, optimizer, clipping });
}

describe("a training step on a GPU", () => {
  it.each([
    { name: "ann", batch: 64, most: 60 },
    { name: "cnn", batch: 64, most: 90 },
    { name: "lstm", batch: 128, most: 150 },
  ] as const)("has few dispatches: $name, at most $most", ({ name, batch, most }) => {
    const [step] = planOf(name, batch).training;
    expect(compileProgram(step).dispatches.length).toBeLessThanOrEqual(most);
  });

  it("reads back its result alone", () => {
    const [step] = planOf("ann", 64).training;
    expect(compileProgram(step).results).toMatchObject([{ name: "result", floats: 2 }]);
  });

  it("does not depend on the number of beats, apart from sizes of tiles: pipelines are shared", () => {
    const compiled = [64, 65].map((batch) => compileProgram(planOf("cnn", batch).training[0]));
    expect(compiled[0].shaders).toEqual(compiled[1].shaders);
    expect(compiled[0].uniforms).not.toEqual(compiled[1].uniforms);
  });
});

it.each(["ann", "cnn", "lstm"] as const)("stays within every device's limits: %s", (name) => {
  const { training, prediction } = planOf(name, 128);
  for (const program of [...training, prediction]) {
    const { dispatches, uniforms, shaders } = compileProgram(program);
    expect(uniforms).toHaveLength(dispatches.length * UNIFORM_WORDS);
    for (const { grid, shader } of dispatches) {
      for (const size of grid) expect(size).toBeLessThanOrEqual(65_535);
      expect(shader).toBeLessThan(shaders.length);
    }
    for (const code of shaders) expect(workgroupBytes(code)).toBeLessThanOrEqual(16_384);
  }
});

/** Memory that the workgroups of a shader share. */
function workgroupBytes(code: string): number {
  const sizes = [...code.matchAll(/var<workgroup> \w+: array<f32, (\d+)>/g)];
  return sizes.reduce((sum, [, floats]) => sum + 4 * Number(floats), 0);
}
