/** The kernels' matrix products and activations (native/gemm.h, activations.h), as programs of their own for each width of vectors. */
import { mkdtempSync, rmSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

const project = join(import.meta.dirname, "..", "..");
const compiler = ["g++", "c++"].find((name) => spawnSync(name, ["--version"]).status === 0);

/** The last two are computed with the vectors that the processor has: it is the code's shape that is tested. */
const widths = [
  { width: 4, registers: 16 },
  { width: 8, registers: 16 },
  { width: 4, registers: 32 },
  { width: 16, registers: 32 },
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-native-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(name: string, { width, registers }: (typeof widths)[number]): { stdout: string; status: number | null } {
  const program = join(folder, `${name}-${width}-${registers}`);
  const flags = ["-std=c++17", "-O1", "-Wall", "-Wno-psabi", `-I${join(project, "native")}`];
  const defines = ["-DECTOPY_TARGET=tested", `-DECTOPY_WIDTH=${width}`, `-DECTOPY_REGISTERS=${registers}`];
  const source = join(project, "tests", "native", `${name}.cpp`);
  const built = spawnSync(compiler!, [...flags, ...defines, "-o", program, source], { encoding: "utf8" });
  expect(built.stderr).toBe("");
  return spawnSync(program, { encoding: "utf8" });
}

describe("in C++", { timeout: 120_000 }, () => {
  beforeEach((ctx) => {
    if (compiler === undefined) ctx.skip("there is no C++ compiler");
  });

  it.for(widths)("matrix products are right: $width floats a vector, $registers registers", (width) => {
    const { stdout, status } = run("gemm", width);
    expect(stdout).toMatch(/^largest error: \S+\n$/);
    // In units of the bound on rounding (Higham 2002, 3.1): 1 would be the worst that sums may come to.
    expect(Number(stdout.split(": ")[1])).toBeLessThan(1);
    expect(status).toBe(0);
  });

  it.for(widths)("activations are as exact as they say: $width floats a vector, $registers registers", (width) => {
    const { stdout, status } = run("activations", width);
    const [exponential, sigmoid, tanh] = [...stdout.matchAll(/ (\d\S*)/g)].map(([, error]) => Number(error));
    // Found: 8.0e-8, 1.5e-7, 3.4e-7.
    expect(exponential).toBeLessThan(1e-7);
    expect(sigmoid).toBeLessThan(2e-7);
    expect(tanh).toBeLessThan(4e-7);
    expect(status).toBe(0);
  });
});
