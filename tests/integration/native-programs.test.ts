/**
 * Matrix products and activations of the kernels (native/gemm.h, activations.h), as a separate program for each width
 * of vectors.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

const project = join(import.meta.dirname, "..", "..");
const compiler = ["g++", "c++"].find((name) => spawnSync(name, ["--version"]).status === 0);

/** The processor may lack the vectors of the last two: they test the shape of the code. */
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
  const native = ["workspace.cpp", "platform.cpp"].map((file) => join(project, "native", file));
  const built = spawnSync(compiler!, [...flags, ...defines, "-pthread", "-o", program, source, ...native], {
    encoding: "utf8",
  });
  expect(built.stderr).toBe("");
  return spawnSync(program, { encoding: "utf8" });
}

describe("in C++", { timeout: 120_000 }, () => {
  beforeEach((ctx) => {
    if (compiler === undefined) ctx.skip("a C++ compiler is missing");
  });

  it.for(widths)("matrix products are correct: $width floats per vector, $registers registers", (width) => {
    const { stdout, status } = run("gemm", width);
    expect(stdout).toMatch(/^largest error: \S+\n$/);
    // In units of the rounding error bound (Higham 2002, 3.1): 1 is the worst case.
    expect(Number(stdout.split(": ")[1])).toBeLessThan(1);
    expect(status).toBe(0);
  });

  it.for(widths)(
    "activations are within their stated error: $width floats per vector, $registers registers",
    (width) => {
      const { stdout, status } = run("activations", width);
      const [exponential, sigmoid, tanh] = [...stdout.matchAll(/ (\d\S*)/g)].map(([, error]) => Number(error));
      // Measured: 8.0e-8, 1.5e-7, 3.4e-7.
      expect(exponential).toBeLessThan(1e-7);
      expect(sigmoid).toBeLessThan(2e-7);
      expect(tanh).toBeLessThan(4e-7);
      expect(status).toBe(0);
    },
  );
});
