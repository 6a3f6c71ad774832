/** Databases of every earlier version, with a row in every table: each opens as the newest, with everything in it. */
import Database from "better-sqlite3";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { earlierPreparation } from "../../../../tests/support/earlier-preparation.ts";
import { defaultTraining } from "../../../contract/settings/defaults.ts";
import { APPLICATION_ID } from "../database-check.ts";
import { migrate } from "../database.ts";
import { openWorkspace } from "../workspace.ts";
import { migrations } from "./index.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-migrations-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const hash = "ab".repeat(32);
const settings = earlierPreparation("inter-patient");
const summary = {
  settings,
  labels: ["N", "V"],
  counts: [],
  totals: { train: 2, validation: 1, test: 1 },
  beats: 4,
  leftOut: { outsideRecord: 0, missingSamples: 0, symbols: {}, smallClasses: {}, records: [] },
  sharedRecords: [],
  caveats: [],
};
const device = {
  backend: "cpu",
  description: "x",
  cores: 1,
  versions: { ectopy: "", node: "", tfjs: "", tensorflow: "" },
};
// As version 1 stored it: before optimizers, schedules and weighting.
const later = new Set(["optimizer", "schedule", "clipping", "weighting", "microBatches", "convolutions", "precision"]);
const training = Object.fromEntries(Object.entries(defaultTraining("ann")).filter(([name]) => !later.has(name)));
const text = (value: unknown): string => `'${JSON.stringify(value).replaceAll("'", "''")}'`;

/** As versions 1 to 6 stored the settings and the summary of a preparation: with other names. */
const asBefore7 = (value: unknown): string =>
  text(value).replaceAll('"classMap":"mit-bih"', '"labelMap":"study"').replaceAll("intra-patient", "split-first");

/** Rows that a version adds to those of the versions before it; the first entry is version 1. */
const rows: readonly string[] = [
  `INSERT INTO datasets (id, name, source, fingerprint, created_at) VALUES (3, 'Über', '/x', '${hash}', '2026-01-01');
   INSERT INTO records VALUES (3, '100', 1, 360, 650000, '["MLII"]', 5, '["69 M"]'), (3, 'bad', 0, 0, 0, '[]', 0, '[]');
   INSERT INTO record_beats VALUES (3, '100', 'N', 7);
   INSERT INTO findings (dataset_id, record, severity, message, fix)
     VALUES (3, 'bad', 'damaged', 'm', 'f'), (3, NULL, 'note', 'n', '');
   INSERT INTO preparations (id, dataset_id, settings, summary, fingerprint, seconds, created_at)
     VALUES (4, 3, ${asBefore7(settings)}, ${asBefore7(summary)}, '${hash}', 1.5, '2026-01-02');
   INSERT INTO preparation_classes VALUES (4, 0, 'N', 7, 4, 1, 2, 0, 0, 0);
   INSERT INTO runs (id, preparation_id, network, settings, status, created_at, started_at, finished_at, device, best_epoch,
     stopped_early, trainable_parameters, total_parameters, seconds)
     VALUES (5, 4, 'ann', ${text(training)}, 'completed', 'c', 's', 'f', ${text(device)}, 1, 0, 10, 12, 9.5);
   INSERT INTO runs (id, preparation_id, network, settings, status, created_at, error)
     VALUES (6, 4, 'ann', ${text(training)}, 'failed', 'c', '{"code":"bug","message":"m","fix":"f"}');
   INSERT INTO epochs (run_id, epoch, train_loss, train_accuracy, validation_loss, validation_accuracy, validation_macro_f1,
     seconds, validation_seconds) VALUES (5, 1, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 2);
   INSERT INTO evaluations VALUES (5, 'test', 0.1, 0.9, 0.8, 0.85), (5, 'validation', 0.2, 0.91, 0.81, 0.86);
   INSERT INTO class_metrics VALUES (5, 'test', 0, 'N', 1, 0.5, 0.66, 2), (5, 'test', 1, 'V', 0.5, 1, 0.66, 1),
     (5, 'validation', 0, 'N', 1, 1, 1, 1);
   INSERT INTO confusions VALUES (5, 'test', 0, 0, 1), (5, 'test', 0, 1, 1), (5, 'test', 1, 1, 1)`,
  `INSERT INTO step_curves VALUES (5, 1, X'0000803F', X'0000003F');
   INSERT INTO checkpoints (id, run_id, sha256, epochs, steps, created_at) VALUES (8, 6, '${hash}', 1, 10, 'c')`,
  `INSERT INTO run_remarks VALUES (5, 'notes', '["final"]');
   INSERT INTO removed VALUES ('runs', 6, '2026-01-03');
   INSERT INTO jobs (kind, title, state, started_at, finished_at, subject) VALUES ('import', 't', 'done', 's', 'f', 3)`,
  `INSERT INTO models (name, network, created_at, changed_at) VALUES
     ('Mine', '{"name":"Mine","layers":[{"id":"dense-1","kind":"dense","units":3,"activation":"relu"}]}', 'c', 'd')`,
  `INSERT INTO run_log (run_id, at, kind, words) VALUES (5, '2026', 'note', 'Done.')`,
  `INSERT INTO experiments (id, name, plan, metric, created_at)
     VALUES (2, 'Seeds', '{"kind":"repeats","times":2}', 'validation-loss', 'c');
   INSERT INTO experiment_runs VALUES (5, 2, 'seed 1');
   INSERT INTO runs (id, preparation_id, network, settings, status, created_at, error)
     VALUES (9, 4, 'ann', ${text({ ...training, parts: 2, convolutions: "own" })}, 'failed', 'c', '{\"code\":\"bug\",\"message\":\"m\",\"fix\":\"f\"}');
   INSERT INTO experiments (id, name, plan, metric, created_at)
     VALUES (3, 'Folds', '{"kind":"folds","folds":5}', 'validation-loss', 'c')`,
  `INSERT INTO run_log (run_id, at, kind, message) VALUES (5, '2027', 'note', 'Exported.');
   INSERT INTO removed VALUES ('models', 1, '2026-01-02')`,
  `INSERT INTO networks (name, network, created_at, changed_at) VALUES
     ('Other', '{"name":"Other","layers":[{"id":"dense-1","kind":"dense","units":3,"activation":"relu"}]}', 'c', 'd')`,
  `UPDATE preparations SET name = 'By patient' WHERE id = 4; UPDATE run_remarks SET name = 'Final' WHERE run_id = 5`,
  `INSERT INTO dataset_versions VALUES (3, 2, '${"cd".repeat(32)}');
   INSERT INTO records (dataset_id, name, usable, rate, length, leads, other_annotations, comments, place, patient,
     known_as, hashes, annotators, version)
     VALUES (3, 'later', 1, 128, 10, '["II"]', 0, '[]', 'a/b', '21', NULL, '["0123456789abcdef"]',
       '[{"annotator":"qrs","symbols":{"N":1}}]', 2);
   INSERT INTO preparations (id, dataset_id, dataset_version, settings, summary, fingerprint, seconds, created_at)
     VALUES (7, 3, 2, ${text(settings)}, ${text(summary)}, '${hash}', 1.5, '2026-01-02')`,
  `UPDATE records SET details = '{"format":"EDF+"}' WHERE name = '100';
   UPDATE findings SET code = 'flat-lead' WHERE record = 'bad'`,
  `INSERT INTO test_looks VALUES
     (2, '${hash}', '3 ["a"]', '2025', 'ann', 4, ${text(settings)}, ${text(training)}, 0.9, 0.8)`,
  `UPDATE runs SET temperature = 1.5 WHERE id = 5`,
  `INSERT INTO cluster_experiments (experiment_id, executor, folder, workers)
     VALUES (2, '{"name":"room","kind":"ssh","folder":"/shared","command":"ectopy","hosts":["ws1"]}', '/shared/e', '[]');
   INSERT INTO cluster_runs VALUES (5, 2, 1, 2, 300)`,
  `INSERT INTO annotation_sets VALUES (1, 3, 'detected', 'detected', NULL, '{"leads":[]}', '2026');
   INSERT INTO annotation_columns VALUES (1, '100', x'01000000', x'01', x'00', NULL, NULL)`,
  `INSERT INTO annotation_columns VALUES
     (1, 'later', x'02000000', x'1c', x'00', NULL, NULL, '{"0":"(AFIB"}', '{"+":1}')`,
  `INSERT INTO patient_corrections VALUES (3, 2, '2026', '{"100":null}', NULL, NULL)`,
  `INSERT INTO run_machines VALUES (5, 'room', 'ws1', '', 1)`,
  `INSERT INTO review_edits VALUES (1, 1, '100', 'delete', NULL, 'A. Reviewer', '2026', '', NULL, NULL, '[]'),
     (2, 1, '100', 'undo', 1, 'A. Reviewer', '2026', '', NULL, NULL, '[]')`,
  `INSERT INTO removed VALUES ('annotationSets', 1, '2026-01-03')`,
  `INSERT INTO classification_drafts VALUES ('k', 3, '100', '["II"]', x'01000000', x'01', x'0000803f', x'00');
   INSERT INTO run_references VALUES (5, x'00000000', x'0000803f', 1.5)`,
  `INSERT INTO review_edits VALUES
     (3, 1, '100', 'family', NULL, 'A. Reviewer', '2026', 'merge', NULL, NULL, '[]', '[[1,null,2]]')`,
  `INSERT INTO strip_choices VALUES
     (1, 3, '100', NULL, 'atr', 'longest-pause', 'overruled', 100, 900, 'Artefact', 'A. Reviewer', '2026')`,
  `INSERT INTO review_edits VALUES
     (4, 1, '100', 'learn', NULL, 'A. Reviewer', '2026', '5', NULL, NULL, '[]', NULL)`,
  `INSERT INTO run_references VALUES (5, 1, x'00000000', x'0000803f', 2.5)`,
];

it("has rows for every version", () => {
  expect(rows).toHaveLength(migrations.length);
});

describe.for(migrations.map((_, i) => i + 1))("a workspace of version %i", (version) => {
  it("opens as the newest version, with all rows", () => {
    const database = new Database(join(folder, "ectopy.sqlite"));
    database.pragma("foreign_keys = ON");
    for (const [before, sql] of rows.slice(0, version).entries()) {
      migrate(database, migrations.slice(0, before + 1));
      database.exec(sql);
    }
    const { models, ...others } = rowCounts(database);
    const counts = models === undefined ? others : { ...others, networks: models };
    database.close();

    const warnings: string[] = [];
    const workspace = openWorkspace(folder, "write", (message) => warnings.push(message));
    const { datasets, preparations, runs, remarks, removed, networks, runLog, experiments, checkpoints, testLooks } =
      workspace;
    const { annotationSets } = workspace;
    expect(warnings).toEqual([]);
    expect(datasets.find(3)).toMatchObject({ name: "Über", fingerprint: hash });
    expect(datasets.records(3)).toMatchObject([
      { name: "100", usable: true, beats: { N: 7 }, comments: ["69 M"] },
      { name: "bad", usable: false, findings: [{ severity: "damaged", message: "m" }], patient: null, version: 1 },
      ...(version < 10 ? [] : [{ name: "later", place: "a/b", patient: "21", annotators: [{ annotator: "qrs" }] }]),
    ]);
    expect(datasets.records(3)[0].details).toEqual(version >= 11 ? { format: "EDF+" } : undefined);
    expect(datasets.records(3)[1].findings[0].code).toBe(version >= 11 ? "flat-lead" : undefined);
    expect(datasets.records(3, 1).map(({ name }) => name)).toEqual(["100", "bad"]);
    expect(datasets.versions(3).slice(0, 1)).toEqual([hash]);
    expect(preparations.findBySettings({ id: 3, versions: [1] }, settings)?.id).toBe(4);
    expect(preparations.find(4)).toMatchObject({
      name: version >= 9 ? "By patient" : "",
      datasetId: 3,
      settings,
      summary,
      fingerprint: hash,
    });
    expect(runs.find(5)).toMatchObject({
      status: "completed",
      settings: defaultTraining("ann"),
      result: {
        bestEpoch: 1,
        test: {
          accuracy: 0.9,
          confusion: [
            [1, 1],
            [0, 1],
          ],
        },
        epochs: [{ trainLoss: 0.5 }],
      },
    });
    expect(runs.find(6)).toMatchObject({ status: "failed", error: { code: "bug" }, result: null });
    if (version >= 2) expect([...runs.steps(5).losses]).toEqual([1]);
    if (version >= 2) expect(checkpoints.ofRun(6)).toMatchObject([{ id: 8, steps: 10 }]);
    if (version >= 3)
      expect(remarks.find(5)).toEqual({ name: version >= 9 ? "Final" : "", notes: "notes", tags: ["final"] });
    if (version >= 3) expect(removed.has("runs", 6)).toBe(true);
    if (version >= 4)
      expect(networks.list()).toMatchObject([{ network: { name: "Mine" } }, ...(version >= 8 ? [{}] : [])]);
    if (version >= 7) expect(removed.has("networks", 1)).toBe(true);
    if (version >= 5) expect(runLog.ofRun(5).slice(0, 1)).toMatchObject([{ message: "Done." }]);
    if (version >= 6) expect(experiments.ofRun(5)).toMatchObject({ label: "seed 1", experiment: { name: "Seeds" } });
    if (version >= 6) {
      expect(runs.find(9)).toMatchObject({ settings: { microBatches: 2, convolutions: "ectopy" } });
      expect(experiments.find(3)).toMatchObject({ plan: { kind: "cross-validation", folds: 5 } });
    }
    if (version >= 15) {
      expect(annotationSets.get(1)).toMatchObject({ name: "detected", leads: [], runs: [] });
      expect(annotationSets.list(3)).toHaveLength(version >= 20 ? 0 : 1);
      expect(annotationSets.counts(1).map(({ symbols }) => symbols)).toEqual(
        version >= 16 ? [{ N: 1 }, { "+": 1 }] : [{ N: 1 }],
      );
    }
    expect(runs.find(5)?.result?.temperature).toBe(version >= 13 ? 1.5 : undefined);
    // Evaluations of earlier versions are looks, too; that of run 2 is of a deleted run.
    expect(testLooks.ofRun(5).map(({ run, isDeleted }) => [run, isDeleted])).toEqual(
      version >= 12 ? [[2, true], [5, false]] : [[5, false]], // prettier-ignore
    );
    expect(runs.find(5)?.result?.test.perClass).toMatchObject([
      { ppv: 1, sensitivity: 0.5 },
      { ppv: 0.5, sensitivity: 1 },
    ]);
    workspace.close();

    const after = new Database(join(folder, "ectopy.sqlite"), { readonly: true });
    expect(rowCounts(after)).toMatchObject(counts);
    expect(after.pragma("user_version", { simple: true })).toBe(migrations.length);
    expect(after.pragma("application_id", { simple: true })).toBe(APPLICATION_ID);
    expect(after.pragma("integrity_check", { simple: true })).toBe("ok");
    after.close();
    // What it was before is kept, unless it was the newest already.
    const backups = existsSync(join(folder, "backups")) ? readdirSync(join(folder, "backups")) : [];
    expect(backups.some((name) => name.startsWith("before-version-"))).toBe(version < migrations.length);
  });
});

function rowCounts(database: Database.Database): Record<string, number> {
  const tables = database
    .prepare<[], { name: string }>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .all();
  return Object.fromEntries(
    tables.map(({ name }) => [name, database.prepare(`SELECT count(*) FROM ${name}`).pluck().get() as number]),
  );
}
