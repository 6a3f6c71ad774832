/**
 * Downloads from a stand-in for PhysioNet: complete, interrupted, changed, damaged, hostile; and a killed command line.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ImportedDataset } from "../../src/contract/domain/datasets.ts";
import { CancelledError, EctopyError } from "../../src/contract/domain/errors.ts";
import type { JobProgress } from "../../src/contract/domain/jobs.ts";
import { physioNetDatabases, physioNetPage } from "../../src/contract/domain/physionet.ts";
import { createServices } from "../../src/main/services/compose.ts";
import { DownloadService } from "../../src/main/services/downloads/downloads.ts";
import { openWorkspace, type Workspace } from "../../src/main/store/workspace.ts";
import { askEctopy, expectRefusal, runEctopy, startEctopy, temporaryFolder } from "../support/command-line.ts";
import { mountSmallDisk, NO_PRIVATE_MOUNT } from "../support/private-mount.ts";
import { startPhysioNet, type PhysioNetStub, type StubFault } from "../support/physionet-stub.ts";
import { mitdb, NO_MITDB } from "../support/real-data.ts";
import { writeSampleRecords } from "../support/sample-records.ts";

const RECORDS = ["s01", "s02"] as const;
const { mitdb: database } = physioNetDatabases;

const root = temporaryFolder();
afterAll(root.remove);

let stub: PhysioNetStub;
let workspace: Workspace;
let count = 0;

beforeEach(async () => {
  stub = await startPhysioNet(RECORDS);
  process.env["ECTOPY_PHYSIONET"] = stub.url;
  workspace = openWorkspace(join(root.path, `workspace ${++count}`), "write", () => {});
});
afterEach(async () => {
  delete process.env["ECTOPY_PHYSIONET"];
  workspace.close();
  await stub.close();
});

function service(): DownloadService {
  return new DownloadService(workspace, createServices(workspace, () => {}).datasets, { silence: 700, again: 1 });
}

function download(progress: (now: JobProgress) => void = () => {}, signal = new AbortController().signal) {
  return service().download("mitdb", { progress, signal });
}

const folder = (): string => join(workspace.folder, "downloads", "mitdb-1.0.0");
const bytesOf = (file: string): Uint8Array => stub.files.get(file)!;
const requestsFor = (file: string): PhysioNetStub["requests"] =>
  stub.requests.filter((request) => request.file === file);

/** Makes the first requests for one file fail. */
function failRequests(file: string, fault: StubFault, times = Infinity): void {
  stub.fault = (each, number) => (each === file && number <= times ? fault : undefined);
}

async function errorOf(work: Promise<unknown> = download()): Promise<EctopyError> {
  const error: unknown = await work.catch((reason: unknown) => reason);
  if (error instanceof EctopyError) return error;
  throw new Error(`No error, but ${String(error)}`);
}

/** Expects an import that equals the served files, byte for byte, and no remains of the download. */
function expectCompleteImport({ dataset, report }: ImportedDataset): void {
  expect(dataset).toMatchObject({ name: database.title, source: physioNetPage(database) });
  expect(report).toMatchObject({ usableRecords: RECORDS.length, damagedRecords: 0, findings: [] });
  const stored = workspace.path("datasets", dataset.id);
  const names = RECORDS.flatMap((record) => ["atr", "dat", "hea"].map((ending) => `${record}.${ending}`));
  expect(readdirSync(stored).sort()).toEqual([...names, "manifest.json"].sort());
  for (const name of names) expect(readFileSync(join(stored, name)).equals(bytesOf(name)), name).toBe(true);
  expect(existsSync(folder())).toBe(false);
}

describe("a database of PhysioNet", () => {
  it("is downloaded once, file by file, verified, and imported under its name", async () => {
    stub.files.set("s01.xws", Buffer.from("not needed"));
    stub.list(RECORDS);
    const reported: JobProgress[] = [];
    expectCompleteImport(await download((now) => reported.push(now)));
    expect(stub.requests.map(({ file }) => file).sort()).toEqual(
      ["RECORDS", "SHA256SUMS.txt", ...RECORDS.flatMap((r) => [`${r}.atr`, `${r}.dat`, `${r}.hea`])].sort(),
    );
    expect(stub.requests.every(({ range }) => range === null)).toBe(true);
    const fetched = reported.filter(({ stage }) => stage === "Downloading");
    expect(fetched.at(-1)).toMatchObject({ done: 7, total: 7, unit: "files" });
    expect(fetched.at(-1)?.detail).toMatch(/^\d of about 94 MB, \d+\.\d MB\/s$/);
  });

  it("that was already imported from a folder is the same dataset, which then names its source", async () => {
    const given = join(root.path, "by folder");
    writeSampleRecords(given, RECORDS);
    const watch = { progress: () => {}, signal: new AbortController().signal };
    const before = await createServices(workspace, () => {}).datasets.importFrom(given, watch);
    const { dataset, alreadyThere } = await download();
    expect({ id: dataset.id, alreadyThere }).toEqual({ id: before.dataset.id, alreadyThere: true });
    expect(workspace.datasets.find(dataset.id)?.source).toBe(physioNetPage(database));
  });

  it("is downloaded by one process at a time", async () => {
    failRequests("s01.dat", { kind: "hang", after: 10 });
    const abort = new AbortController();
    const downloads = service();
    const first = downloads.download("mitdb", { progress: () => {}, signal: abort.signal }).catch(() => {});
    const again = downloads.download("mitdb", { progress: () => {}, signal: abort.signal });
    expect(await errorOf(again)).toMatchObject({ code: "invalid-settings" });
    expect(await errorOf(downloads.discard("mitdb"))).toMatchObject({ code: "invalid-settings" });
    abort.abort();
    await first;
  });

  it("of the real size is downloaded and imported completely", async (ctx) => {
    if (mitdb === undefined) ctx.skip(NO_MITDB);
    const names = readdirSync(mitdb!).filter((name) => /\.(hea|dat|atr)$/.test(name));
    stub.files = new Map(names.map((name) => [name, readFileSync(join(mitdb!, name))]));
    stub.list(names.filter((name) => name.endsWith(".hea")).map((name) => name.slice(0, -4)));
    const { report } = await download();
    expect(report).toMatchObject({ usableRecords: 48, damagedRecords: 0 });
  });
});

describe("an interrupted download", () => {
  it("is resumed in the middle of the file, and only the rest is transferred", async () => {
    failRequests("s01.dat", { kind: "break", after: 100_000 }, 1);
    expectCompleteImport(await download());
    const [first, second, ...more] = requestsFor("s01.dat");
    expect(more).toEqual([]);
    expect(first).toMatchObject({ range: null, sent: 100_000 });
    expect(second).toMatchObject({ range: "bytes=100000-", sent: bytesOf("s01.dat").length - 100_000 });
    expect(second.ifRange).toMatch(/^"/);
  });

  it("that the user stopped keeps its bytes, and the next one transfers only the rest", async () => {
    failRequests("s02.dat", { kind: "hang", after: 50_000 });
    const abort = new AbortController();
    let done = 0;
    const stopped = download((now) => (done = now.done), abort.signal);
    const part = join(folder(), "s02.dat.part");
    await expect.poll(() => existsSync(part) && statSync(part).size).toBe(50_000);
    await expect.poll(() => done).toBe(6);
    abort.abort();
    await expect(stopped).rejects.toThrow(CancelledError);
    await expect(stopped).rejects.toThrow(/downloaded files are kept/);
    const [{ bytes }] = await service().list();
    expect(bytes).toBeGreaterThan(bytesOf("s01.dat").length);
    stub.fault = () => undefined;
    stub.requests.length = 0;
    expectCompleteImport(await download());
    expect(stub.requests.map(({ file }) => file)).toEqual(["SHA256SUMS.txt", "s02.dat"]);
    const [{ range, sent }] = requestsFor("s02.dat");
    expect(range).toBe("bytes=50000-");
    expect(sent).toBe(bytesOf("s02.dat").length - 50_000);
    expect(await service().list()).toContainEqual({ name: "mitdb", bytes: 0 });
  });

  it("restarts if the server does not support ranges", async () => {
    stub.fault = (file, number) =>
      file !== "s01.dat" ? undefined : number === 1 ? { kind: "break", after: 1000 } : { kind: "no-range" };
    expectCompleteImport(await download());
    expect(requestsFor("s01.dat").map(({ sent }) => sent)).toEqual([1000, bytesOf("s01.dat").length]);
  });

  it("restarts if the file has changed meanwhile", async () => {
    const old = Buffer.from(bytesOf("s01.dat"));
    old[0] ^= 0xff;
    mkdirSync(folder(), { recursive: true });
    writeFileSync(join(folder(), "s01.dat.part"), old.subarray(0, 5000));
    writeFileSync(join(folder(), "s01.dat.part.tag"), '"of the old version"');
    expectCompleteImport(await download());
    expect(requestsFor("s01.dat").at(-1)).toMatchObject({
      range: "bytes=5000-",
      ifRange: '"of the old version"',
      sent: bytesOf("s01.dat").length,
    });
  });

  it("restarts if its bytes exceed the file", async () => {
    mkdirSync(folder(), { recursive: true });
    writeFileSync(join(folder(), "s01.hea.part"), "x".repeat(10_000));
    expectCompleteImport(await download());
    expect(requestsFor("s01.hea").map(({ range }) => range)).toEqual(["bytes=10000-", null]);
  });

  it("with a complete file that was not renamed yet makes no request for it", async () => {
    mkdirSync(folder(), { recursive: true });
    writeFileSync(join(folder(), "s01.dat.part"), bytesOf("s01.dat"));
    expectCompleteImport(await download());
    expect(requestsFor("s01.dat")).toEqual([]);
  });

  it("can be discarded", async () => {
    failRequests("s02.atr", { kind: "status", status: 404 });
    await errorOf();
    await service().discard("mitdb");
    expect(existsSync(folder())).toBe(false);
  });
});

describe("a file with another hash than listed", () => {
  it("is downloaded a second time", async () => {
    failRequests("s01.dat", { kind: "body", body: "nonsense" }, 1);
    expectCompleteImport(await download());
    expect(requestsFor("s01.dat")).toHaveLength(2);
  });

  it("is refused after the second download, with the name of the file, and nothing is imported", async () => {
    failRequests("s01.dat", { kind: "body", body: "nonsense" });
    const { code, message } = await errorOf();
    expect({ code, message }).toEqual({
      code: "damaged-file",
      message: "The downloaded s01.dat twice differed from PhysioNet's checksum.",
    });
    expect(requestsFor("s01.dat")).toHaveLength(2);
    expect(workspace.datasets.list()).toEqual([]);
    expect(readdirSync(folder())).not.toContain("s01.dat.part");
  });
});

describe("a faulty server", () => {
  it("that does not answer is reported at once, with an alternative", async () => {
    const { url } = stub;
    await stub.close();
    process.env["ECTOPY_PHYSIONET"] = url;
    const { code, message, fix } = await errorOf();
    expect(code).toBe("server-unreachable");
    expect(message).toMatch(/^PhysioNet \(127\.0\.0\.1:\d+\) could not be reached: the connection was refused\.$/);
    expect(fix).toContain("download the ZIP file from https://physionet.org/content/mitdb/1.0.0/ with a browser");
  });

  it.each(["SHA256SUMS.txt", "s01.dat"])("that stalls in the middle of %s times out", async (file) => {
    failRequests(file, { kind: "hang", after: 10 });
    expect(await errorOf()).toMatchObject({
      code: "server-unreachable",
      message: expect.stringContaining("it took too long to answer") as string,
    });
  });

  it("that is busy is asked again", async () => {
    failRequests("s01.hea", { kind: "status", status: 503 }, 2);
    expectCompleteImport(await download());
    expect(requestsFor("s01.hea")).toHaveLength(3);
  });

  it.each([
    [404, "server-unsuitable", /s01\.dat does not exist/],
    [403, "server-refuses", /refuses access/],
    [503, "server-unreachable", /it is busy \(status 503\)/],
  ])("that answers with status %i is reported with the reason", async (status, code, pattern) => {
    failRequests("s01.dat", { kind: "status", status });
    const error = await errorOf();
    expect(error.code).toBe(code);
    expect(error.message).toMatch(pattern);
  });

  it("that redirects to the file is followed", async () => {
    failRequests("s01.dat", { kind: "redirect", to: "s01.dat?again" }, 1);
    stub.files.set("s01.dat?again", bytesOf("s01.dat"));
    expectCompleteImport(await download());
  });

  it.each([
    ["in a circle", "s01.dat", /without an end/],
    ["to a file of this machine", "file:///etc/passwd", /not safe/],
  ])("that redirects %s is not followed", async (_direction, to, pattern) => {
    failRequests("s01.dat", { kind: "redirect", to });
    const error = await errorOf();
    expect(error.code).toBe("server-unsuitable");
    expect(error.message).toMatch(pattern);
    expect(requestsFor("s01.dat").length).toBeLessThanOrEqual(6);
  });

  it("that sends a sign-in page is reported", async () => {
    failRequests("SHA256SUMS.txt", { kind: "body", body: "<!doctype html><title>Sign in</title>" });
    expect(await errorOf()).toMatchObject({ code: "server-unsuitable" });
  });

  it.each(["../../evil", "/etc/evil", "..\\evil", "sub/evil", "C:evil"])(
    "that lists a recording named %s makes the download write nothing",
    async (name) => {
      stub.files.set(`${name}.hea`, Buffer.from("evil"));
      stub.files.set(`${name}.dat`, Buffer.from("evil"));
      stub.files.set(`${name}.atr`, Buffer.from("evil"));
      stub.list([...RECORDS, name]);
      expect(await errorOf()).toMatchObject({ code: "unsafe-path" });
      expect(readdirSync(folder())).toEqual(["RECORDS"]);
      expect(stub.requests.map(({ file }) => file)).toEqual(["SHA256SUMS.txt", "RECORDS"]);
    },
  );

  it("that sends more than the database's size is refused", async () => {
    stub.files.set("s01.dat", new Uint8Array(database.bytes + 1));
    stub.list(RECORDS);
    expect(await errorOf()).toMatchObject({
      code: "server-unsuitable",
      message: expect.stringContaining("s01.dat exceeds the limit of 94000000 bytes") as string,
    });
  });

  it("whose address is invalid is reported", async () => {
    process.env["ECTOPY_PHYSIONET"] = "not an address";
    expect(await errorOf()).toMatchObject({ code: "usage" });
  });
});

describe("ectopy download", () => {
  const options = () => ({ workspace: join(root.path, `command line ${count}`) });

  it("lists the databases with their licence and citation, without a workspace", async () => {
    const { status, stdout } = await runEctopy(["download"], options());
    expect(status).toBe(0);
    expect(stdout).toMatch(/^mitdb +MIT-BIH Arrhythmia Database +48 +2 +360 Hz +94 MB$/m);
    expect(stdout).toContain("Open Data Commons Attribution License v1.0");
    expect(stdout).toContain(database.citation);
    const { databases } = await askEctopy<{ databases: unknown[] }>(["download"], options());
    expect(databases).toHaveLength(3);
    expect(existsSync(options().workspace)).toBe(false);
  });

  it("refuses an unknown name, and a name with a path", async () => {
    expectRefusal(await runEctopy(["download", "../mitdb"], options()), 2, /mitdb, svdb, incartdb/);
    expect(stub.requests).toEqual([]);
  });

  it("downloads nothing to a disk that is too small, and names the needed space", async (ctx) => {
    const mountPoint = join(root.path, "small disk");
    mkdirSync(mountPoint);
    const disk = await mountSmallDisk(mountPoint, 64);
    if (!disk) ctx.skip(NO_PRIVATE_MOUNT);
    const small = { workspace: join(mountPoint, "workspace"), within: disk!.within };
    expectRefusal(await runEctopy(["download", "mitdb"], small), 6, /needs 188 MB; \d+ MB are free/);
    await disk!.close();
    expect(stub.requests).toEqual([]);
  });

  it("resumes where it was killed", async () => {
    failRequests("s01.dat", { kind: "slow", bytes: 4096, pause: 20 });
    const { child, ended } = startEctopy(["download", "mitdb"], options());
    const part = join(options().workspace, "downloads", "mitdb-1.0.0", "s01.dat.part");
    await expect.poll(() => (existsSync(part) ? statSync(part).size : 0), { timeout: 60_000 }).toBeGreaterThan(20_000);
    child.kill("SIGKILL");
    expect((await ended).signal).toBe("SIGKILL");
    const transferred = statSync(part).size;
    expect(transferred).toBeLessThan(bytesOf("s01.dat").length);
    stub.fault = () => undefined;
    stub.requests.length = 0;
    const { dataset } = await askEctopy<{ dataset: { name: string } }>(["download", "mitdb"], options());
    expect(dataset.name).toBe(database.title);
    expect(requestsFor("s01.dat")).toMatchObject([
      { range: `bytes=${transferred}-`, sent: bytesOf("s01.dat").length - transferred },
    ]);
  });

  it("stops at Ctrl-C, and reports that the downloaded files are kept", async () => {
    failRequests("s01.dat", { kind: "slow", bytes: 4096, pause: 20 });
    const { child, ended, waitForOutput } = startEctopy(["download", "mitdb"], options());
    await waitForOutput(/Downloading/);
    child.kill("SIGINT");
    const { status, stderr } = await ended;
    expect(status).toBe(130);
    expect(stderr).toContain("downloaded files are kept");
  });

  it("names an alternative where there is no network", async () => {
    const { url } = stub;
    await stub.close();
    process.env["ECTOPY_PHYSIONET"] = url;
    expectRefusal(await runEctopy(["download", "mitdb"], options()), 9, /PhysioNet .* could not be reached/);
  });
});
