/** The WebAssembly module of the project is that of its sources. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { buildWasm, wasmFile } from "../../scripts/setup/wasm-build.mjs";

const project = join(import.meta.dirname, "../..");

it("the module in the project is that of its sources, byte for byte", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ectopy-wasm-"));
  try {
    const built = join(folder, "engine.wasm");
    await buildWasm(project, built);
    const same = readFileSync(built).equals(readFileSync(join(project, wasmFile)));
    expect(same, "npm run -s engine -- webassembly builds it").toBe(true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
