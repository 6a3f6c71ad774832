/**
 * The package's installer, with the versions of `tar` and `adm-zip` that package.json overrides: it unpacks its
 * downloads, here from a server on this machine.
 */
import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { zipOf } from "../../tests/support/zip.ts";
import { official } from "./tensorflow-official.mjs";

const project = join(import.meta.dirname, "../..");
const tfjs = { folder: join(project, "node_modules/@tensorflow/tfjs-node-gpu"), version: "4.22.0", napi: 8 };
const folder = mkdtempSync(join(tmpdir(), "ectopy-official-"));
let server: Server;
let address: string;

beforeAll(async () => {
  const library = archive("library", { "lib/libtensorflow.so.2": "a library", "include/c_api.h": "a header" });
  const binding = archive("binding", { "napi-v8/tfjs_binding.node": "a binding" });
  const zip = zipOf([{ name: "lib/tensorflow.dll", bytes: Buffer.from("a library for Windows"), deflate: true }]);
  server = createServer(({ url = "" }, response) => {
    const body = url.endsWith(".zip") ? zip : url.includes("libtensorflow") ? library : binding;
    response.writeHead(200, { "Content-Length": body.length }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const name of ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"]) vi.stubEnv(name, "");
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

/** Returns a .tar.gz of these files. */
function archive(name: string, files: Readonly<Record<string, string>>): Buffer {
  const root = join(folder, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const tops = new Set(Object.keys(files).map((path) => path.split("/")[0]));
  execFileSync("tar", ["-czf", `${root}.tar.gz`, "-C", root, ...tops]);
  return readFileSync(`${root}.tar.gz`);
}

// On other systems the installer requests other archives.
it.skipIf(process.platform !== "linux" || process.arch !== "x64")("unpacks its .tar.gz files", async () => {
  vi.stubEnv("TFJS_NODE_BASE_URI", `${address}/libtensorflow-`);
  vi.stubEnv("npm_config_tfjs_binding_binary_host_mirror", `${address}/`);
  const entry = join(folder, "cache", "entry");
  await official.make(project, tfjs, entry);
  expect(readFileSync(join(entry, "deps/lib/libtensorflow.so.2"), "utf8")).toBe("a library");
  expect(readFileSync(join(entry, "lib/napi-v8/tfjs_binding.node"), "utf8")).toBe("a binding");
});

it("unpacks the .zip file that it downloads on Windows", async () => {
  const copy = join(folder, "copy");
  cpSync(join(tfjs.folder, "scripts"), join(copy, "scripts"), { recursive: true });
  symlinkSync(join(project, "node_modules"), join(copy, "node_modules"), "junction");
  const unpacked = join(folder, "unpacked");
  mkdirSync(unpacked);
  const code = `require("./scripts/resources.js").downloadAndUnpackResource(...process.argv.slice(1), () => {})`;
  // Asynchronously: this process serves the file.
  await promisify(execFile)(process.execPath, ["-e", code, `${address}/library.zip`, unpacked], { cwd: copy });
  expect(readFileSync(join(unpacked, "lib/tensorflow.dll"), "utf8")).toBe("a library for Windows");
  expect(existsSync(join(tfjs.folder, "scripts/_tmp.zip"))).toBe(false);
});
