/** Kills a process that makes edits of all kinds: each that it answered is in the log, and the log gives one state. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { packFamilies } from "../../src/contract/domain/beat-families.ts";
import { applyChanges, unpackLabels } from "../../src/contract/domain/labels.ts";
import { editKinds, type LogKind } from "../../src/contract/domain/reviews.ts";
import { openServices } from "../../src/main/services/compose.ts";
import { labelsOfColumns } from "../../src/pipeline/review/label-columns.ts";
import { replayLog } from "../../src/pipeline/review/replay-log.ts";

const SET = "atr-reviewed";
const KILLS = 4;
/** Edits before each kill, at least. */
const EDITS = 20;

let folder: string;
const open = () => openServices(join(folder, "workspace"), { mode: "write", warn: () => {} });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ectopy review kill-"));
  const services = open();
  await services.datasets.makeSample(1, { progress: () => {}, signal: new AbortController().signal });
  await services.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts the edits, kills their process, and returns the entries that it answered. */
async function editUntilKilled(seed: number): Promise<number[]> {
  const script = join(import.meta.dirname, "../support/edit-until-killed.ts");
  const child = spawn(process.execPath, [script, join(folder, "workspace"), String(seed)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (text: string) => {
    printed += text;
    if (printed.split("\n").length > EDITS) child.kill("SIGKILL");
  });
  await once(child, "close");
  expect(child.signalCode).toBe("SIGKILL");
  return printed.split("\n").slice(0, -1).map(Number);
}

it("loses no answered edit by kill -9", async () => {
  const answered: number[] = [];
  const kinds = new Set<LogKind>();
  for (let seed = 1; seed <= KILLS; seed++) {
    answered.push(...(await editUntilKilled(seed)));
    const { workspace, reviews, close } = open();
    const record = workspace.datasets.records(1)[0].name;
    const set = workspace.annotationSets.find(1, SET)!;
    const entries = workspace.reviewLog.entries(set.id, record);
    const stored = entries.map(({ id }) => id);
    // The kill may come between the commit and the answer: then one more is stored.
    expect(stored.slice(0, answered.length)).toEqual(answered);
    expect(stored.length - answered.length).toBeLessThanOrEqual(1);
    if (stored.length > answered.length) answered.push(stored.at(-1)!);
    const parent = labelsOfColumns(workspace.annotationSets.storedColumns(set.id, record)!);
    const { labels, families } = reviews.open({ dataset: 1, record, set: SET });
    const replayed = replayLog(entries);
    expect(unpackLabels(labels)).toEqual(applyChanges(parent, replayed.changes));
    expect(families).toEqual(packFamilies(replayed.families));
    for (const { kind } of entries) kinds.add(kind);
    await close();
  }
  expect(answered.length).toBeGreaterThanOrEqual(KILLS * EDITS);
  expect([...kinds].sort()).toEqual([...editKinds, "undo", "redo"].sort());
});
