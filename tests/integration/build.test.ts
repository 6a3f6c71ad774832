/** Files of the packaged app: electron-vite builds all three sides, and the built files run like the sources. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildApp } from "../../scripts/build-app.ts";

const root = join(import.meta.dirname, "../..");
const out = join(root, "out");
const workspace = mkdtempSync(join(tmpdir(), "ectopy-build-"));
const built = (...args: string[]): string =>
  execFileSync(process.execPath, [join(out, "main/ectopy.js"), "--workspace", workspace, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });

beforeAll(() => buildApp(root));
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

describe("electron-vite build", () => {
  it("builds main, the entries that main starts, the preload and the renderer", () => {
    const files = [
      "index",
      "ectopy",
      "beat-worker",
      "preparation-thread",
      "preview-thread",
      "viewing-worker",
      "comparison-worker",
      "export-process",
      "untrusted-files-worker",
      "training-process",
      "training-thread",
      "bench-process",
      "classification-process",
      "device-process",
      "gpu-thread",
    ].map((n) => `main/${n}.js`);
    for (const file of [...files, "preload/index.cjs", "renderer/index.html"]) {
      expect(existsSync(join(out, file)), file).toBe(true);
    }
  });

  it("keeps Node and Electron out of the page, and allows it no inline script", () => {
    const page = readFileSync(join(out, "renderer/index.html"), "utf8");
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)/);
    expect(page).not.toMatch(/https?:/);
  });

  it("prepares in worker threads and trains in a separate process, from the built files", () => {
    const { dataset } = JSON.parse(built("sample", "--json")) as { dataset: { id: number } };
    const { preparation } = JSON.parse(built("prepare", String(dataset.id), "--json")) as {
      preparation: { id: number };
    };
    const details = JSON.parse(
      built(
        "train",
        String(preparation.id),
        "--model",
        "ann",
        "--epochs",
        "1",
        "--steps-per-epoch",
        "5",
        "--threads",
        "1",
        "--json",
      ),
    ) as { run: { status: string } };
    expect(details.run.status).toBe("completed");
  });
});
