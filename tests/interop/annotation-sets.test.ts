/** Exported annotation sets: wfdb-python reads the annotator, MNE-Python the EDF+, with every label in place. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SetAnnotation } from "../../src/contract/domain/annotation-sets.ts";
import type { SetFormat } from "../../src/contract/domain/set-exports.ts";
import { createServices, type Services } from "../../src/main/services/compose.ts";
import { openWorkspace } from "../../src/main/store/workspace.ts";
import { annotation } from "../support/annotation.ts";
import { askPython, python } from "../support/python.ts";

let folder: string;
let services: Services;
let record: string;
let rate: number;
const watch = { progress: () => {}, signal: new AbortController().signal };

const annotations: SetAnnotation[] = [
  annotation(0, "+", { aux: "(AFIB" }),
  { ...annotation(123, "N"), probability: 0.99, unsure: false, unlike: false },
  annotation(400, "^"),
  { ...annotation(411, "/"), probability: 0.5, unsure: true, unlike: true },
  annotation(700, "~", { subtype: -1 }),
  annotation(1400, "~"),
  annotation(2049, "V"),
  annotation(9001, "A"),
];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-annotation-sets-"));
  services = createServices(
    openWorkspace(join(folder, "workspace"), "write", () => {}),
    () => {},
  );
  await services.datasets.makeSample(1, watch);
  const [first] = services.workspace.datasets.records(1);
  [record, rate] = [first.name, first.rate];
  services.workspace.annotationSets.replace(
    { datasetId: 1, name: "mine", origin: "reviewed", parent: "atr", leads: [], runs: [], createdAt: "2026" },
    new Map([[record, annotations]]),
  );
});
afterAll(async () => {
  await services.close();
  rmSync(folder, { recursive: true, force: true });
});

async function exported(format: SetFormat): Promise<{ place: string; files: string[] }> {
  const { place } = await services.setExports.export({ dataset: 1, set: "mine", format }, join(folder, "out"), watch);
  return { place, files: readdirSync(place).filter((name) => !name.startsWith(".")) };
}

describe("an exported annotation set", () => {
  it("is a WFDB annotator of its name, which wfdb-python reads", async (ctx) => {
    const { place, files } = await exported("wfdb");
    expect(files).toEqual([`${record}.mine`]);
    if (python === undefined) return ctx.skip("ECTOPY_PYTHON is not set.");
    const script = `
import json, sys, wfdb
q = json.load(sys.stdin)
a = wfdb.rdann(q["path"], "mine")
print(json.dumps([[int(s), y, int(t), n] for s, y, t, n in zip(a.sample, a.symbol, a.subtype, a.aux_note)]))
`;
    const read = await askPython<[number, string, number, string][]>(script, { path: join(place, record) });
    expect(read).toEqual(annotations.map(({ sample, symbol, subtype, aux }) => [sample, symbol, subtype, aux]));
  });

  it("is EDF+ with every label in place, which MNE-Python reads", async (ctx) => {
    const { place, files } = await exported("edf");
    expect(files).toEqual([`${record}.edf`]);
    if (python === undefined) return ctx.skip("ECTOPY_PYTHON is not set.");
    const script = `
import json, sys, mne
q = json.load(sys.stdin)
raw = mne.io.read_raw_edf(q["path"], verbose="error")
a = raw.annotations
print(json.dumps({"rate": raw.info["sfreq"], "labels": [[float(o), d] for o, d in zip(a.onset, a.description)]}))
`;
    const read = await askPython<{ rate: number; labels: [number, string][] }>(script, { path: join(place, files[0]) });
    expect(read.rate).toBe(rate);
    const places = read.labels.map(([onset, label]) => [Math.round(onset * rate), label]);
    expect(places).toEqual(annotations.map(({ sample, symbol, aux }) => [sample, aux || symbol]));
  });

  it("is a table with times, probabilities and flags", async () => {
    const { place, files } = await exported("csv");
    const [head, ...rows] = readFileSync(join(place, files[0]), "utf8").trimEnd().split("\r\n");
    expect(head).toBe("sample,time_s,symbol,subtype,text,probability,unsure,unlike_training");
    expect(rows).toHaveLength(annotations.length);
    expect(rows[3]).toBe(`411,${Number((411 / rate).toFixed(6))},/,0,,0.5,true,true`);
  });

  it("is written again only where it has changed, and never for a recording without it", async () => {
    const again = await services.setExports.export(
      { dataset: 1, set: "mine", format: "csv" },
      join(folder, "out"),
      watch,
    );
    expect(again.outcome).toBe("unchanged");
    const other = services.workspace.datasets.records(1)[1].name;
    const options = { dataset: 1, set: "mine", format: "csv", record: other } as const;
    await expect(services.setExports.export(options, folder, watch)).rejects.toThrow(/no recording .* by mine/);
  });
});
