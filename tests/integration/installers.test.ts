/** Content of the installers of `npm run dist`, as far as it can be tested without Electron's binary. */
import { validateConfiguration } from "app-builder-lib/out/util/config/config.js";
import { DebugLogger } from "builder-util";
import type { Configuration } from "electron-builder";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configuration } from "../../electron-builder.config.ts";
import packageJson from "../../package.json" with { type: "json" };
import { runShell } from "../support/electron/shell-run.ts";
import { packApp, type PackedApp } from "../support/installers/packed-app.ts";

describe("the configuration", () => {
  it("is accepted by electron-builder", async () => {
    await validateConfiguration(configuration, new DebugLogger(false));
    const wrong = { ...configuration, asarUnpacked: [] } as Configuration;
    await expect(validateConfiguration(wrong, new DebugLogger(false))).rejects.toThrow(/asarUnpacked/);
  });

  it("names installers for each system, for the user alone", () => {
    expect([configuration.win?.target, configuration.mac?.target, configuration.linux?.target].flat()).toEqual([
      "nsis",
      "dmg",
      "AppImage",
      "deb",
    ]);
    expect(configuration.nsis?.perMachine).toBe(false);
  });
});

const elsewhere = process.platform === "linux" ? "" : ": Electron's stand-in is laid out as on Linux";

describe.skipIf(elsewhere !== "")(`the packed app${elsewhere}`, () => {
  let app: PackedApp;
  const folder = mkdtempSync(join(tmpdir(), "ectopy-packed-shell-"));
  beforeAll(async () => void (app = await packApp()));
  afterAll(() => {
    app.remove();
    rmSync(folder, { recursive: true, force: true });
  });
  const has = (path: string): boolean => app.files.some((file) => file.path === path);
  const packages = (): string[] => [
    ...new Set(app.files.flatMap(({ path }) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [])),
  ];

  it("contains all built files except the command line, and all packages that main and preload name", () => {
    const out = join(import.meta.dirname, "../../out");
    const built = readdirSync(join(out, "main")).filter((name) => name !== "ectopy.js");
    for (const name of built) expect(has(`out/main/${name}`), name).toBe(true);
    expect(has("out/preload/index.cjs")).toBe(true);
    expect(has("out/renderer/index.html")).toBe(true);
    const named = [...built.map((name) => join(out, "main", name)), join(out, "preload/index.cjs")].flatMap((path) =>
      packagesNamedIn(readFileSync(path, "utf8")),
    );
    const [sqlite, fonts] = ["better-sqlite3", "@expo-google-fonts/inter"];
    expect(named).toEqual(expect.arrayContaining([sqlite, fonts, "echarts", "pdfmake", "@resvg/resvg-js"]));
    // TensorFlow trains on NVIDIA's GPUs only, from a clone.
    const packed = named.filter((name) => !name.startsWith("@tensorflow/"));
    expect(packed.filter((name) => !packages().includes(name))).toEqual([]);
    expect(packages().filter((name) => name.startsWith("@tensorflow/"))).toEqual([]);
    expect(has("resources/engine.wasm")).toBe(true);
  });

  it("contains no development files, no separate Node, and no package of the page twice", () => {
    const unwanted = [...Object.keys(packageJson.devDependencies), ...Object.keys(packageJson.optionalDependencies)];
    expect(packages().filter((name) => unwanted.includes(name) || name.startsWith("@types/"))).toEqual([]);
    const ofThePage = app.files.filter(({ path }) => /^node_modules\/(vue|naive-ui|pinia)\//.test(path));
    expect(ofThePage.map(({ path }) => path).sort()).toEqual(
      ["naive-ui", "pinia", "vue"].map((name) => `node_modules/${name}/package.json`),
    );
    expect(app.files.filter(({ path }) => /\.(map|ts)$|^(src|tests|scripts|native|docs)\//.test(path))).toEqual([]);
  });

  it("keeps files for native code and the system's loader outside the archive", () => {
    const outside = app.files.filter(({ unpacked }) => unpacked).map(({ path }) => path);
    const native = app.files.filter(({ path }) => /\.(node|so|so\.\d+|dylib|dll)$|\/inter\/.+\.ttf$/.test(path));
    expect(native.filter(({ unpacked }) => !unpacked)).toEqual([]);
    const needed = [
      /^node_modules\/better-sqlite3\/prebuilds\/linux-/,
      /^node_modules\/@resvg\/.+\.node$/,
      /^node_modules\/@expo-google-fonts\/inter\/400Regular\/Inter_400Regular\.ttf$/,
    ];
    const modules = join(import.meta.dirname, "../../node_modules");
    const kernels = existsSync(join(modules, ".ectopy/ectopy_engine.node"))
      ? [/^node_modules\/\.ectopy\/.+\.node$/]
      : [];
    for (const pattern of [...needed, ...kernels]) {
      expect(
        outside.some((path) => pattern.test(path)),
        String(pattern),
      ).toBe(true);
    }
  });

  it("does not let its binary run other programs", () => {
    const [asNode, cookies, nodeOptions, inspect, integrity, archiveAlone, snapshot, fileProtocol] = app.fuses;
    expect({ asNode, nodeOptions, inspect, fileProtocol, snapshot }).toEqual({
      asNode: "0",
      nodeOptions: "0",
      inspect: "0",
      fileProtocol: "0",
      snapshot: "0",
    });
    expect({ cookies, integrity, archiveAlone }).toEqual({ cookies: "1", integrity: "1", archiveAlone: "1" });
  });

  it("trains, and writes a report with figures, from the packed files alone", async () => {
    const seen = await runShell(join(app.layOut(), "out"), folder, true);
    expect(seen["trained"]).toMatchObject({ status: "completed", device: { backend: "kernels" } });
    expect(seen["exported"]).toEqual(["done", "done"]);
    expect(seen["backends"]).toContainEqual({ name: "webassembly", missing: "" });
    expect(seen["backends"]).toContainEqual({ name: "tensorflow", missing: "not installed" });
    expect(seen["licences"]).toEqual([]);
    expect(seen["errors"]).toEqual([]);
    // Without developer tools, an attacker cannot persuade a user to call the page's functions by hand.
    expect(seen["window"]).toMatchObject({ options: { webPreferences: { devTools: false } } });
  });
});

/** Returns packages that are imported, required or found by their path, without Node's modules and Electron. */
function packagesNamedIn(code: string): string[] {
  const imported = ts.preProcessFile(code, true, true).importedFiles.map(({ fileName }) => fileName);
  const found = [...code.matchAll(/\.resolve\(["'`](@?[a-z][^"'`]+)["'`]\)/g)].map(([, path]) => path);
  return [...imported, ...found]
    .filter((path) => !path.startsWith(".") && !path.startsWith("node:") && path !== "electron")
    .map((path) => path.split("/", path.startsWith("@") ? 2 : 1).join("/"));
}
