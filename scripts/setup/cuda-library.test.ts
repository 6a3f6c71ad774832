/** No GPU and no network are needed: an index on this machine has wheels of a few bytes, a script replaces nvidia-smi. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { zipOf } from "../../tests/support/zip.ts";
import { Network } from "../../src/main/base/network/network.ts";
import { cudaLibrary, cudaPackages, fetchCuda, listCudaWheels, placeOf, removeCuda } from "./cuda-library.mjs";

const project = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "ectopy-cuda-library-"));
const { fetch } = new Network();
let server: Server;
let asked: string[] = [];

/** Returns the wheel of a package. */
function wheelOf(name: string): Buffer {
  const files =
    name === "tensorflow"
      ? { "tensorflow/libtensorflow_cc.so.2": "a library", "tensorflow/python/x.py": "not needed" }
      : { [`nvidia/${name}/lib/lib.so.12`]: name, [`nvidia/${name}/include/header.h`]: "not needed" };
  return zipOf(Object.entries(files).map(([path, text]) => ({ name: path, bytes: Buffer.from(text), deflate: true })));
}

beforeAll(async () => {
  server = createServer(({ url = "" }, response) => {
    asked.push(url);
    const wheel = /^\/wheels\/(.+)$/.exec(url)?.[1];
    if (wheel !== undefined) return void response.end(wheelOf(wheel));
    const name = url.split("/").at(-2) ?? "";
    const [, version = "", tag = ""] = cudaPackages.find(([each]) => each === name) ?? [];
    const bytes = wheelOf(name);
    const hashes = { sha256: createHash("sha256").update(bytes).digest("hex") };
    const stem = `${name.replaceAll("-", "_")}-${version}-${tag}-none-manylinux_2_27`;
    const files = [
      { filename: `${stem}_aarch64.whl`, url: "../../none", size: 1, hashes },
      { filename: `${stem}_x86_64.whl`, url: `../../wheels/${name}`, size: bytes.length, hashes },
    ];
    response.end(JSON.stringify({ files }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("ECTOPY_CACHE", join(folder, "cache"));
  vi.stubEnv("PIP_INDEX_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple/`);
});
beforeEach(() => void (asked = []));
afterAll(async () => {
  vi.unstubAllEnvs();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

it("reads sizes from the index, unpacks the libraries side by side, and removes them", async () => {
  const wheels = await listCudaWheels(fetch);
  expect(wheels.map(({ size }) => size)).toEqual(cudaPackages.map(([name]) => wheelOf(name).length));
  await fetchCuda(project, wheels, fetch);
  const library = cudaLibrary(project)!;
  expect(readFileSync(join(library, "lib/libtensorflow_cc.so.2"), "utf8")).toBe("a library");
  // TensorFlow's library looks for NVIDIA's in ../nvidia from its folder.
  const cudnn = join(library, "lib/../nvidia/nvidia-cudnn-cu12/lib");
  expect(readdirSync(cudnn)).toEqual(["lib.so.12"]);
  expect(existsSync(join(cudnn, "../include"))).toBe(false);
  expect(existsSync(join(library, "../downloads"))).toBe(false);

  asked = [];
  await fetchCuda(project, wheels, fetch);
  expect(asked).toEqual([]);

  expect(removeCuda(project)).toBe(true);
  expect(cudaLibrary(project)).toBeUndefined();
  expect(removeCuda(project)).toBe(false);
});

it("unpacks libraries, programs and headers of a wheel, and nothing outside its folder", () => {
  expect(placeOf("nvidia/cuda_nvcc/bin/ptxas")).toBe("nvidia/cuda_nvcc/bin/ptxas");
  expect(placeOf("nvidia/cuda_nvcc/nvvm/libdevice/libdevice.10.bc")).toBeDefined();
  expect(placeOf("tensorflow/include/tensorflow/c/c_api.h")).toBe("include/tensorflow/c/c_api.h");
  expect(placeOf("tensorflow/python/x.so")).toBeUndefined();
  expect(placeOf("nvidia/cudnn/lib/../../../../x")).toBeUndefined();
});

describe.skipIf(process.platform !== "linux" || process.arch !== "x64")("cuda install", () => {
  const run = promisify(execFile);
  const install = async (gpu: string): Promise<{ output: string; status: number }> => {
    const bin = join(folder, "bin");
    mkdirSync(bin, { recursive: true });
    const driver = join(bin, "nvidia-smi");
    if (gpu === "") rmSync(driver, { force: true });
    else writeFileSync(driver, `#!/bin/sh\necho "${gpu}"\n`);
    if (gpu !== "") chmodSync(driver, 0o755);
    const env = { ...process.env, PATH: `${bin}${delimiter}/usr/bin:/bin` };
    try {
      const { stderr } = await run(process.execPath, [join(project, "scripts/cuda.mjs"), "install"], { env });
      return { output: stderr, status: 0 };
    } catch (error) {
      const { stderr, code } = error as { stderr: string; code: number };
      return { output: stderr, status: code };
    }
  };

  it("asks for nothing where there is no NVIDIA GPU", async () => {
    const { output, status } = await install("");
    expect(output).toContain("No NVIDIA GPU was found");
    expect(status).toBe(1);
    expect(asked).toEqual([]);
  });

  it("states the size, and downloads nothing without an answer", async () => {
    const { output, status } = await install("NVIDIA RTX A4000");
    expect(output).toContain("NVIDIA GPU: NVIDIA RTX A4000.");
    expect(output).toMatch(/0\.00 GB to download, about 0\.0 GB on disk/);
    expect(output).toContain("Nothing was downloaded.");
    expect(status).toBe(0);
    expect(asked.filter((url) => url.startsWith("/wheels"))).toEqual([]);
    expect(cudaLibrary(project)).toBeUndefined();
  });
});
