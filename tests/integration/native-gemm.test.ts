/** The kernels' matrix products (native/gemm.h), as a program of its own for each width of vectors. */
import { mkdtempSync, rmSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

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
  folder = mkdtempSync(join(tmpdir(), "ectopy-gemm-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("matrix products in C++", () => {
  it.for(widths)(
    "are right by vectors of $width floats, $registers registers",
    { timeout: 120_000 },
    ({ width, registers }, ctx) => {
      if (compiler === undefined) return ctx.skip("there is no C++ compiler");
      const program = join(folder, `gemm-${width}-${registers}`);
      const flags = ["-std=c++17", "-O1", "-Wall", "-Wno-psabi", `-I${join(project, "native")}`];
      const defines = ["-DECTOPY_TARGET=tested", `-DECTOPY_WIDTH=${width}`, `-DECTOPY_REGISTERS=${registers}`];
      const source = join(project, "tests", "native", "gemm.cpp");
      const built = spawnSync(compiler, [...flags, ...defines, "-o", program, source], { encoding: "utf8" });
      expect(built.stderr).toBe("");
      const { stdout, status } = spawnSync(program, { encoding: "utf8" });
      expect(stdout).toMatch(/^largest error: \S+\n$/);
      // In units of the bound on rounding (Higham 2002, 3.1): 1 would be the worst that sums may come to.
      expect(Number(stdout.split(": ")[1])).toBeLessThan(1);
      expect(status).toBe(0);
    },
  );
});
