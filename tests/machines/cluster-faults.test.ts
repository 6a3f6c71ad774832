/** What goes wrong with the shared folder and its workers. Each fault is named, and ends in the stored runs of this machine. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { ClusterProgress } from "../../src/contract/domain/cluster.ts";
import type { ExperimentOverview } from "../../src/contract/domain/experiments.ts";
import { openToOthers } from "../../src/main/base/private-files.ts";
import { openWorkspace } from "../../src/main/store/workspace.ts";
import { clusterWorkspace, hasEpoch, QUICK, SLOWLY } from "../support/cluster-workspace.ts";
import { askEctopy, expectRefusal, runEctopy, startEctopy } from "../support/command-line.ts";
import { mountSmallDisk, NO_PRIVATE_MOUNT } from "../support/private-mount.ts";
import { prepareSmallSample } from "../support/small-preparation.ts";

const TWO = [...QUICK, "--repeat", "2"];
/** A training of some seconds. */
const LONG = ["--model", "ann", "--grid", "batch=16", "--epochs", "80", "--steps-per-epoch", "40"];
const noParallel = existsSync("/usr/bin/parallel") ? "" : "GNU parallel is not installed (apt-get install parallel)";

describe("experiments by a launcher", () => {
  const workspace = clusterWorkspace();
  const { ask, shared, options } = workspace;
  beforeAll(() => prepareSmallSample(workspace.path));
  afterAll(() => workspace.remove());

  /** The shared folder of an executor on a disk of 40 MB, which only commands `within` see. */
  async function smallDisk() {
    const disk = await mountSmallDisk(shared, 40);
    if (disk === undefined) return undefined;
    onTestFinished(() => disk.close());
    const within = { ...options, within: disk.within };
    return {
      ...disk,
      ask: async <Document>(...args: string[]): Promise<Document> => {
        const ended = await runEctopy([...args, "--json"], within);
        expect(ended, ended.stderr).toMatchObject({ status: 0 });
        return JSON.parse(ended.stdout) as Document;
      },
      run: (...args: string[]) => runEctopy(args, within),
    };
  }
  /** Sends two runs to the disk. @returns the experiment, and its folder there */
  async function sendTo(disk: NonNullable<Awaited<ReturnType<typeof smallDisk>>>) {
    await workspace.add("idle", "launcher", "--launcher", "true {worker}");
    const { id } = await disk.ask<ExperimentOverview>("search", "1", ...TWO, "--on", "idle", "--detach");
    return { id, folder: join(shared, disk.shell('ls "$0"').trim()) };
  }

  it("wait for space on a full shared disk, to the same result", async (ctx) => {
    const disk = await smallDisk();
    if (disk === undefined) return ctx.skip(NO_PRIVATE_MOUNT);
    disk.shell('head -c 25M /dev/zero >"$0/filler"');
    await workspace.add("idle", "launcher", "--launcher", "true {worker}");
    const refused = await disk.run("search", "1", ...TWO, "--on", "idle");
    expect(refused.stderr).toMatch(
      /The beats take .+, and .+ are free in .+\.\n {2}→ Free some space.*Nothing was sent/,
    );
    expect(disk.shell('ls "$0"')).toBe("filler\n");
    disk.shell('rm "$0/filler"');
    const { id, folder } = await sendTo(disk);
    disk.shell('cat /dev/zero >"$0/filler" 2>/dev/null || true');
    const full = await disk.run("worker", folder);
    expect(full.stderr).toMatch(/Error: No space is left to write .+\n {2}→ Free some space on the shared disk\./);
    disk.shell('rm "$0/filler"');
    // The attempt that could not be written is over after its silence.
    disk.shell('find "$0" -name alive.json -o -name "attempt-*" | xargs -d "\\n" touch -d "4 minutes ago"');
    expect((await disk.ask<{ done: number[] }>("worker", folder)).done).toEqual([1, 2]);
    expect(await disk.ask<ClusterProgress[]>("collect")).toEqual([]);
    await workspace.expectAsHere(id, ...TWO);
  });

  it("name a shared folder that can't be written, and end once it can", async (ctx) => {
    const disk = await smallDisk();
    if (disk === undefined) return ctx.skip(NO_PRIVATE_MOUNT);
    const { id, folder } = await sendTo(disk);
    disk.shell('mount -o remount,ro "$0"');
    const named = /The system does not allow access to .+ \(EROFS\)\.[^]*able to write to the shared folder/;
    expect((await disk.run("worker", folder)).stderr).toMatch(named);
    expect((await disk.run("search", "1", ...TWO, "--on", "idle")).stderr).toMatch(/EROFS/);
    disk.shell('mount -o remount,rw "$0"');
    expect((await disk.ask<{ done: number[] }>("worker", folder)).done).toEqual([1, 2]);
    disk.shell('mount -o remount,ro "$0"');
    // What was trained is stored, and the folder that can't be deleted is named.
    const collected = await disk.run("collect");
    expect(collected.stderr).toMatch(/The folder of experiment \d+ on the shared disk was not deleted: .+EROFS/);
    disk.shell('mount -o remount,rw "$0"');
    await disk.ask("cancel", String(id), "--delete-folder");
    expect(disk.shell('ls "$0"')).toBe("");
    await workspace.expectAsHere(id, ...TWO);
  });

  it("copy no header notes, and nothing that other users can read", async () => {
    const { id, folder, work } = await workspace.send(...TWO);
    await work("--runs", "1");
    expect(await openToOthers(folder)).toEqual([]);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const [data] = readdirSync(join(folder, "data"));
    const names = readdirSync(join(folder, "data", data)).filter((name) => !/\.(f32|u8|u32)$/.test(name));
    expect(names).toEqual(["preparation.json"]);
    const description = JSON.parse(readFileSync(join(folder, "data", data, "preparation.json"), "utf8")) as object;
    expect(Object.keys(description).sort()).toEqual(["beats", "labels", "records", "windowLength"]);
    await ask("cancel", String(id), "--delete-folder");
    expect(readdirSync(shared)).toEqual([]);
  });

  it("end a worker whose folder is deleted on demand, which does not come back", async () => {
    const { id, folder } = await workspace.send("--model", "ann", "--epochs", "100000", "--repeat", "2");
    const worker = startEctopy(["worker", folder, "--checkpoint-every", "0.3"], options);
    await expect.poll(() => hasEpoch(folder, 2), SLOWLY).toBe(true);
    await ask("cancel", String(id), "--delete-folder");
    expect(await worker.ended).toMatchObject({ status: 3 });
    expect(readdirSync(shared)).toEqual([]);
    const { runs } = await ask<ExperimentOverview>("experiments", String(id));
    expect(runs.map(({ status }) => status)).toEqual(["cancelled", "cancelled"]);
  });

  it("are continued here from the last checkpoint, to the same result", async () => {
    const { id, folder } = await workspace.send(...LONG);
    const worker = startEctopy(["worker", folder, "--checkpoint-every", "0.3"], options);
    await expect.poll(() => hasEpoch(folder, 5), SLOWLY).toBe(true);
    worker.child.kill("SIGKILL");
    await worker.ended;
    const checkpoint = join(folder, "runs/0001/attempt-1/checkpoint.json");
    const { epochs } = JSON.parse(readFileSync(checkpoint, "utf8")) as { epochs: number };
    expect(epochs).toBeGreaterThan(0);
    const { runs } = await ask<ExperimentOverview>("train-here", String(id));
    const store = openWorkspace(options.workspace, "read", () => {});
    const log = store.runLog.ofRun(runs[0].run).map(({ message }) => message);
    store.close();
    expect(log.join("\n")).toContain(`Resumed from its checkpoint after ${epochs} epoch`);
    await workspace.expectAsHere(id, ...LONG);
  });

  it("are collected by the next start, after the app was killed while it collected", async () => {
    const { id, work } = await workspace.send(...TWO);
    await work();
    const collecting = startEctopy(["collect"], options);
    await new Promise((resolve) => setTimeout(resolve, 400));
    collecting.child.kill("SIGKILL");
    await collecting.ended;
    expect(await ask<ClusterProgress[]>("collect")).toEqual([]);
    await workspace.expectAsHere(id, ...TWO);
  });

  it("have a folder deleted that a killed app left after their end", async () => {
    const { folder, work } = await workspace.send(...TWO);
    await work();
    await ask("collect");
    expect(readdirSync(shared)).toEqual([]);
    mkdirSync(folder);
    writeFileSync(join(folder, "beats.bin"), "beats");
    expect(await ask<ClusterProgress[]>("collect")).toEqual([]);
    expect(readdirSync(shared)).toEqual([]);
  });

  it.skipIf(noParallel !== "")(`train by GNU parallel, as documented${noParallel && `: ${noParallel}`}`, async () => {
    const page = readFileSync(join(import.meta.dirname, "../../docs/cluster.md"), "utf8");
    const [, launcher] = /--launcher '(seq [^']+)'/.exec(page)!;
    await workspace.add("here", "launcher", "--workers", "2", "--launcher", launcher);
    const { id } = await ask<ExperimentOverview>("search", "1", ...TWO, "--on", "here");
    await workspace.expectAsHere(id, ...TWO);
  });

  it("leave nothing in the shared folder when they are cancelled before a worker began", async () => {
    const { id } = await workspace.send(...TWO);
    await ask("cancel", String(id));
    expect(readdirSync(shared)).toEqual([]);
    const { runs } = await ask<ExperimentOverview>("experiments", String(id));
    expect(runs.map(({ status }) => status)).toEqual(["cancelled", "cancelled"]);
  });

  it("train again what differs from its hashes, weights and events alike", async () => {
    const { id, folder, work } = await workspace.send(...TWO);
    expect((await work()).done).toEqual([1, 2]);
    const attempt = (run: string): string => join(folder, "runs", run, "attempt-1");
    truncateSync(join(attempt("0001"), "output/weights.bin"), 100);
    truncateSync(join(attempt("0002"), "events.jsonl"), 100);
    expect(await ask<ClusterProgress[]>("collect")).toMatchObject([{ open: 2, running: 0, problem: "" }]);
    expect((await work()).done).toEqual([1, 2]);
    expect(await ask<ClusterProgress[]>("collect")).toEqual([]);
    await workspace.expectAsHere(id, ...TWO);
  });

  it("are trained here where the machines are gone, some results collected and the folder lost", async () => {
    const { id, folder, work } = await workspace.send(...TWO);
    await work("--runs", "1");
    await ask("collect");
    rmSync(folder, { recursive: true });
    expect(await ask<ClusterProgress[]>("collect")).toMatchObject([
      { open: 1, problem: expect.stringContaining("Not found") as string },
    ]);
    await ask("train-here", String(id));
    await workspace.expectAsHere(id, ...TWO);
    await expect(work()).rejects.toThrow();
  });

  it("send nothing to machines with another version", async () => {
    const other = join(workspace.path, "other-version");
    writeFileSync(other, "#!/bin/sh\necho 0.0.9\n", { mode: 0o755 });
    await workspace.add("old", "launcher", "--command", `'${other}'`, "--launcher", "true {worker}");
    expectRefusal(
      await runEctopy(["search", "1", ...TWO, "--on", "old"], options),
      4,
      /Ectopy 0\.0\.9 is installed on this machine/,
    );
    expect(readdirSync(shared)).toEqual([]);
  });

  it("name why workers end without beginning a run, after three starts", async () => {
    const programs = join(workspace.path, "slurm");
    mkdirSync(programs);
    for (const [name, answer] of [
      ["sbatch", "cat >/dev/null; echo 7"],
      ["squeue", ":"],
    ]) {
      writeFileSync(join(programs, name), `#!/bin/sh\n${answer}\n`, { mode: 0o755 });
    }
    const environment = { ...workspace.environment, PATH: `${programs}:${process.env["PATH"]}` };
    const collect = (): Promise<ClusterProgress[]> => askEctopy(["collect"], { ...options, environment });
    await workspace.add("broken", "slurm", "--command", "true");
    const search = ["search", "1", ...TWO, "--on", "broken", "--detach"];
    const { id } = await askEctopy<ExperimentOverview>(search, { ...options, environment });
    writeFileSync(join(workspace.experimentFolder(), "logs/slurm-7_1.log"), "Error: this is Ectopy 0.0.9.\n");
    for (let start = 1; start <= 3; start++) expect(await collect()).toMatchObject([{ open: 2, problem: "" }]);
    expect(await collect()).toMatchObject([
      { open: 2, problem: expect.stringMatching(/end without a result\. Their log ends: Error: this is/) as string },
    ]);
    await askEctopy(["cancel", String(id)], { ...options, environment });
    expect(readdirSync(shared)).toEqual([]);
  });
});
