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
import { Network } from "../../src/main/base/network/network.ts";
import { DownloadService } from "../../src/main/services/downloads/downloads.ts";
import { openWorkspace, type Workspace } from "../../src/main/store/workspace.ts";
import { askEctopy, expectRefusal, runEctopy, startEctopy, temporaryFolder } from "../support/command-line.ts";
import { mountSmallDisk, NO_PRIVATE_MOUNT } from "../support/private-mount.ts";
import { startProxy, type ProxyStub } from "../support/proxy-stub.ts";
import { makeCertificates } from "../support/test-certificates.ts";
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
  const { datasets } = createServices(workspace, () => {});
  return new DownloadService(workspace, datasets, new Network({ environment: {} }), { silence: 700, again: 1 });
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
    // "": the index of the folder, for the sizes.
    expect(stub.requests.map(({ file }) => file).sort()).toEqual(
      ["", "RECORDS", "SHA256SUMS.txt", ...RECORDS.flatMap((r) => [`${r}.atr`, `${r}.dat`, `${r}.hea`])].sort(),
    );
    expect(stub.requests.every(({ range }) => range === null)).toBe(true);
    const fetched = reported.filter(({ stage }) => stage === "Downloading");
    expect(fetched.at(-1)).toMatchObject({ done: 6, total: 6, unit: "files" });
    expect(fetched.at(-1)?.detail).toMatch(/^(\d) of \1 MB, \d+\.\d MB\/s$/);
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
    await expect.poll(() => done).toBe(5);
    abort.abort();
    await expect(stopped).rejects.toThrow(CancelledError);
    await expect(stopped).rejects.toThrow(/downloaded files are kept/);
    const [{ bytes }] = await service().list();
    expect(bytes).toBeGreaterThan(bytesOf("s01.dat").length);
    stub.fault = () => undefined;
    stub.requests.length = 0;
    expectCompleteImport(await download());
    expect(stub.requests.map(({ file }) => file)).toEqual(["SHA256SUMS.txt", "RECORDS", "", "s02.dat"]);
    const [{ range, sent }] = requestsFor("s02.dat");
    expect(range).toBe("bytes=50000-");
    expect(sent).toBe(bytesOf("s02.dat").length - 50_000);
    expect(await service().list()).toContainEqual({ name: "mitdb", records: [], bytes: 0 });
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

  it.each(["../../evil", "/etc/evil", "..\\evil", "sub/../evil", "C:evil"])(
    "that lists a recording named %s makes the download write nothing",
    async (name) => {
      stub.files.set(`${name}.hea`, Buffer.from("evil"));
      stub.files.set(`${name}.dat`, Buffer.from("evil"));
      stub.files.set(`${name}.atr`, Buffer.from("evil"));
      stub.list([...RECORDS, name]);
      expect(await errorOf()).toMatchObject({ code: "unsafe-path" });
      expect(existsSync(folder())).toBe(false);
      expect(stub.requests.map(({ file }) => file)).toEqual(["SHA256SUMS.txt", "RECORDS"]);
    },
  );

  it("that sends more than the file's size is refused", async () => {
    const { length } = bytesOf("s01.dat");
    failRequests("s01.dat", { kind: "body", body: new Uint8Array(length + 1) });
    expect(await errorOf()).toMatchObject({
      code: "server-unsuitable",
      message: expect.stringContaining(`s01.dat exceeds the limit of ${length} bytes`) as string,
    });
  });

  it("whose address is invalid is reported", async () => {
    process.env["ECTOPY_PHYSIONET"] = "not an address";
    expect(await errorOf()).toMatchObject({ code: "usage" });
  });
});

/** In the manner of PhysioNet's pages; shortened. */
const PAGE = `<h1 class="form-signin-heading">European ST-T Database</h1><p>Version: 1.0.0</p>
<strong>When using this resource, please cite the original publication:</strong>
<p><a href="https://doi.org/10.1093/x">Taddei A, et al. The European ST-T Database. Eur Heart J 13, 1992.</a></p>
<p><strong>Access Policy:</strong><br>Anyone can access the files, as long as they conform to the licence.</p>
<p><strong>License (for files):</strong><br><a href="/l/">Open Data Commons Attribution License v1.0</a></p>
<a href="https://doi.org/10.13026/C2D59Z">doi</a>`;

describe("any other database", () => {
  const watch = { progress: () => {}, signal: new AbortController().signal };
  beforeEach(async () => {
    await stub.close();
    stub = await startPhysioNet(RECORDS, { name: "edb" });
    process.env["ECTOPY_PHYSIONET"] = stub.url;
    stub.page = PAGE;
  });

  it("is described by the server's files: records with sizes, annotators, licence, citation", async () => {
    stub.files.set("ANNOTATORS", Buffer.from("atr\treference beat, rhythm and ST annotations\n"));
    stub.list(RECORDS);
    const contents = await service().inspect("edb", watch.signal);
    const bytesOfRecord = (record: string): number =>
      ["atr", "dat", "hea"].reduce((sum, ending) => sum + bytesOf(`${record}.${ending}`).length, 0);
    expect(contents).toMatchObject({
      address: { name: "edb", version: "1.0.0", path: "" },
      title: "European ST-T Database",
      licence: "Open Data Commons Attribution License v1.0",
      annotators: [{ name: "atr", about: "reference beat, rhythm and ST annotations" }],
      records: RECORDS.map((name) => ({ name, files: 3, bytes: bytesOfRecord(name) })),
      bytes: bytesOfRecord("s01") + bytesOfRecord("s02"),
    });
    expect(contents.citations[0]).toContain("Taddei A");
  });

  it("is downloaded with all annotators and imported under its title", async () => {
    stub.files.set("s01.qrs", bytesOf("s01.atr"));
    stub.list(RECORDS);
    const { dataset } = await service().download("edb", watch);
    expect(dataset).toMatchObject({
      name: "European ST-T Database",
      source: "https://physionet.org/content/edb/1.0.0/",
    });
    expect(requestsFor("s01.qrs")).toHaveLength(1);
    expect(readdirSync(join(workspace.folder, "downloads"))).toEqual([]);
  });

  it("is found on a mirror without pages, in the latest version and with its licence file", async () => {
    stub.page = null;
    stub.files.set("LICENSE.txt", Buffer.from("\nOpen Data Commons Attribution License v1.0\n\nPreamble"));
    stub.list(RECORDS);
    const { address, licence } = await service().inspect("edb", watch.signal);
    expect({ version: address.version, licence }).toEqual({
      version: "1.0.0",
      licence: "Open Data Commons Attribution License v1.0",
    });
  });

  it("gives some of its records, and remembers an interrupted choice", async () => {
    failRequests("s02.dat", { kind: "break", after: 1000 });
    await errorOf(service().download("edb", { ...watch, records: ["*2"] }));
    expect(requestsFor("s01.dat")).toEqual([]);
    const states = await service().list();
    expect(states.find(({ name }) => name === "edb/1.0.0")).toMatchObject({ records: ["*2"] });
    stub.fault = () => undefined;
    const { report } = await service().download("edb/1.0.0", { ...watch, records: ["*2"] });
    expect(report).toMatchObject({ usableRecords: 1 });
    expect(requestsFor("s02.dat").at(-1)?.range).toMatch(/^bytes=\d+-$/);
  });

  it("lists records in folders, and in the lists of folders", async () => {
    for (const ending of ["hea", "dat", "atr"]) stub.files.set(`more/s03.${ending}`, bytesOf(`s01.${ending}`));
    stub.files.set("more/RECORDS", Buffer.from("s03\n"));
    stub.list([...RECORDS, "more/"]);
    const downloads = service();
    const { records, bytes } = await downloads.inspect("edb", watch.signal);
    expect(records.map(({ name }) => name)).toEqual([...RECORDS, "more/s03"]);
    expect(bytes).toBeGreaterThan(0);
    const below = await downloads.inspect("https://physionet.org/files/edb/1.0.0/more/", watch.signal);
    expect(below.records.map(({ name }) => name)).toEqual(["more/s03"]);
  });

  it("brings the signal file that a header names", async () => {
    const header = Buffer.from(bytesOf("s01.hea")).toString("latin1").replaceAll("s01.dat", "signals.dat");
    stub.files.set("s01.hea", Buffer.from(header, "latin1"));
    stub.files.set("signals.dat", bytesOf("s01.dat"));
    stub.files.delete("s01.dat");
    stub.list(["s01"]);
    const { report } = await service().download("edb", watch);
    expect(report).toMatchObject({ usableRecords: 1, damagedRecords: 0 });
  });

  it.each([
    ["by its page", () => (stub.page = PAGE.replace("Anyone can access", "Only credentialed users can access"))],
    ["by status 403", () => failRequests("SHA256SUMS.txt", { kind: "status", status: 403 })],
    ["by a sign-in", () => failRequests("SHA256SUMS.txt", { kind: "redirect", to: "/login/?next=/files/" })],
  ])("that needs credentials is refused %s", async (_, refuse) => {
    refuse();
    const { code, message, fix } = await errorOf(service().download("edb", watch));
    expect(code).toBe("server-refuses");
    expect(message).toMatch(/does not give the .* to everyone/);
    expect(fix).toContain("https://physionet.org/content/edb/");
    expect(stub.requests.filter(({ file }) => file.endsWith(".dat"))).toEqual([]);
  });

  it.each([
    ["nosuchdb", "not-found", /no database named nosuchdb/],
    ["edb/9.9.9", "not-found", /no list of files/],
    ["edb/1.0.0/nothing", "not-found", /no records in nothing/],
    ["../edb", "usage", /no name of a database/],
  ])("%s is reported as %s", async (name, code, pattern) => {
    const error = await errorOf(service().inspect(name, watch.signal));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(pattern);
  });

  it("is shown by --dry-run, and a large one is downloaded after --yes alone", async () => {
    const options = { workspace: join(root.path, `command line ${count}`) };
    openWorkspace(options.workspace, "write", () => {}).close();
    const shown = await runEctopy(["download", "edb", "--dry-run", "--records", "s02"], options);
    expect(shown.stdout).toMatch(/^European ST-T Database \(edb, version 1\.0\.0\)$/m);
    expect(shown.stdout).toMatch(/^Records: 1: s02$/m);
    expect(shown.stdout).toContain("Taddei A");
    const index = [...stub.files].map(([name]) => `<a href="${name}">${name}</a> 30-Jul-1992 23:00 2000000000\n`);
    failRequests("", { kind: "body", body: index.join("") });
    expectRefusal(await runEctopy(["download", "edb"], options), 2, /12\.0 GB/);
    expect(requestsFor("s01.dat")).toEqual([]);
  });
});

describe("a network with a proxy that inspects encrypted traffic", () => {
  const HOST = "physionet.test";
  const certificates = makeCertificates(HOST);
  const authority = join(root.path, "authority.pem");
  let proxy: ProxyStub;
  beforeEach(async () => {
    await stub.close();
    stub = await startPhysioNet(RECORDS, { tls: certificates });
    proxy = await startProxy(() => stub.port);
    process.env["ECTOPY_PHYSIONET"] = `https://${HOST}/files/`;
    writeFileSync(authority, certificates.authority);
  });
  afterEach(async () => {
    delete process.env["HTTPS_PROXY"];
    delete process.env["NODE_EXTRA_CA_CERTS"];
    await proxy.close();
  });
  const options = () => ({ workspace: join(root.path, `command line ${count}`) });

  it("is used by HTTPS_PROXY and NODE_EXTRA_CA_CERTS", async () => {
    process.env["HTTPS_PROXY"] = proxy.url;
    process.env["NODE_EXTRA_CA_CERTS"] = authority;
    const { dataset } = await askEctopy<{ dataset: { name: string } }>(["download", "mitdb"], options());
    expect(dataset.name).toBe(database.title);
    expect(new Set(proxy.requests)).toEqual(new Set([`CONNECT ${HOST}:443`]));
  });

  it("is named where it is missing, does not work, or is not trusted", async () => {
    expectRefusal(
      await runEctopy(["download", "mitdb"], options()),
      9,
      /does not find the host's name|look up.*HTTPS_PROXY/s,
    );
    process.env["HTTPS_PROXY"] = proxy.url;
    expectRefusal(await runEctopy(["download", "mitdb"], options()), 9, /does not trust its certificate/);
    proxy.status = 403;
    expectRefusal(await runEctopy(["download", "mitdb"], options()), 9, /the proxy .* does not allow the connection/);
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
