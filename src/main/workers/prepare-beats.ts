/**
 * Computes a preparation from a folder of recordings: read, select beats, filter, search neighbours, balance, split.
 *
 * Worker threads share the work. Every row has a fixed position and every random stream a name, so the result is the same on any
 * number of cores.
 */
import { availableParallelism } from "node:os";
import { EctopyError } from "../../contract/domain/errors.ts";
import type { ReportProgress } from "../../contract/domain/jobs.ts";
import type { RecordIdentity, RecordToPrepare } from "../../contract/domain/dataset-records.ts";
import { resolvePreparation } from "../../contract/domain/leads.ts";
import {
  windowLengthOf,
  windowOf,
  type LeftOut,
  type PreparedRecording,
  type PreparationSettings,
  type PreparationSummary,
} from "../../contract/domain/preparation.ts";
import type { FindingCode } from "../../contract/domain/recordings.ts";
import type { RecordOddity } from "../../pipeline/beats/caveats.ts";
import { collectBeats, type BeatTable, type CollectedBeats } from "../../pipeline/beats/beat-table.ts";
import type { PreparedInputs } from "../../pipeline/beats/preparation-format.ts";
import { buildExamples, planProtocol, type Examples, type ProtocolPlan } from "../../pipeline/beats/protocols.ts";
import { chooseRecords } from "../../pipeline/beats/records.ts";
import { summarise, type SummaryInput } from "../../pipeline/beats/summary.ts";
import { entryPoint } from "../entry-points.ts";
import type { BeatPool, BeatTasks, ReadBeats, ReadRecord } from "./beat-tasks.ts";
import type { DenoisingSettings } from "./denoise-beats.ts";
import { countByRecipe, prepareByRecipe } from "./prepare-by-recipe.ts";
import { readTables, rowTasks } from "./prepare-tables.ts";
import { counter, throwIfCancelled } from "./task-progress.ts";
import { testSetHash } from "./test-set-hash.ts";
import {
  allShared,
  lacksLeads,
  lacksSets,
  refuseMixedRates,
  refuseNoRecords,
  unlabelled,
} from "./unread-recordings.ts";
import { refusalOf, WorkerPool } from "./worker-pool.ts";

export interface PreparedBeats {
  table: BeatTable;
  /** Real beats, rows of `length` samples of all channels. */
  values: Float32Array;
  length: number;
  /** Inputs of networks beside beats of one channel; absent: none. */
  inputs?: PreparedInputs;
  examples: Examples;
  summary: PreparationSummary;
  /** Wall time of each stage, in seconds; the fields have the names that `prepare.py` of the comparison prints. */
  seconds: { read: number; denoise: number; smote: number; cap_split: number; total: number };
}

/** Another dataset as the test set. */
export interface TestSource {
  folder: string;
  /** The usable recordings in the folder. */
  records: readonly RecordToPrepare[];
  /** Recordings of the training dataset that are not used: they or their patient are in the test dataset. */
  shared: readonly string[];
}

export interface PrepareOptions {
  folder: string;
  /** The usable recordings in the folder. */
  records: readonly RecordToPrepare[];
  /** Another dataset as the test set; absent: none. */
  test?: TestSource | undefined;
  settings: PreparationSettings;
  progress: ReportProgress;
  signal: AbortSignal;
  /** Number of worker threads; one per core by default. */
  workers?: number;
  /** Worker threads that live on afterwards, instead of a pool for this work alone. */
  pool?: BeatPool;
}

/** Beats of a class whose neighbours one task searches: enough to outweigh the message, few enough for an even load. */
const QUERIES_PER_TASK = 1024;

/** Starts the worker threads of an import or a preparation. */
export function createBeatPool(workers = availableParallelism()): BeatPool {
  return new WorkerPool<BeatTasks>(entryPoint("beat-worker"), workers);
}

/** Starts no more worker threads than there are tasks: each takes some 50 MB. */
export function createBeatPoolFor(tasks: number): BeatPool {
  return createBeatPool(threadsFor(tasks));
}

/** Starts the worker threads that a pool lacks for further tasks: a thread that runs already has loaded its code. */
export function growBeatPoolFor(pool: BeatPool, tasks: number): void {
  pool.grow(threadsFor(tasks));
}

function threadsFor(tasks: number): number {
  return Math.max(1, Math.min(tasks, availableParallelism()));
}

/** Computes a preparation. @throws EctopyError for faults of the recordings or settings; CancelledError */
export async function prepareBeats(given: PrepareOptions): Promise<PreparedBeats> {
  const options = resolved(given);
  const { settings, progress } = options;
  const stages = stopwatch();
  return withPool(options, async (pool) => {
    const { input, records, fill } = await readSource(pool, options);
    const read = stages.lap();

    const length = windowLengthOf(settings);
    if (settings.recipe !== undefined) {
      const annotated = new Map(
        options.records.map(({ name, details, given }) => [name, { annotator: details?.annotator, given }]),
      );
      const order = { ...options, annotated, settings: { ...settings, recipe: settings.recipe } };
      const prepared = await prepareByRecipe(pool, records, input, order);
      const hash = testSetHash(prepared.table, prepared.examples);
      if (hash !== undefined) prepared.summary.testSetHash = hash;
      return {
        ...prepared,
        length,
        seconds: { read, denoise: stages.lap(), smote: 0, cap_split: 0, total: stages.total() },
      };
    }
    const { table } = input;
    const rows = table.classes.length;
    const values = new Float32Array(new SharedArrayBuffer(rows * length * Float32Array.BYTES_PER_ELEMENT));
    await fill(values);
    const denoise = stages.lap();

    const plan = planProtocol(table, settings);
    const neighbours = await searchNeighbours(pool, { values, length, plan }, options);
    const smote = stages.lap();

    progress({ stage: "Balancing and splitting", done: 0, total: 0, unit: "beats" });
    const examples = buildExamples(table, settings, plan, neighbours);
    const cap_split = stages.lap();
    const summary = summarise({ ...input, plan, examples });
    const hash = testSetHash(table, examples);
    if (hash !== undefined) summary.testSetHash = hash;
    return {
      table,
      values,
      length,
      examples,
      summary,
      seconds: { read, denoise, smote, cap_split, total: stages.total() },
    };
  });
}

/**
 * Returns the summary that {@link prepareBeats} would give, for settings that are still being chosen: beats are not filtered, and
 * neighbours are searched only where they change the summary.
 */
export async function countBeats(given: PrepareOptions): Promise<PreparationSummary> {
  const options = resolved(given);
  const { settings } = options;
  // Split after balancing: the recordings of each set depend on the neighbours that SMOTE drew.
  if (settings.protocol === "reference" && settings.balancing !== "none") return (await prepareBeats(options)).summary;
  return withPool(options, async (pool) => {
    const { input, records } = await readSource(pool, options, { counted: true });
    const { table } = input;
    const { recipe } = settings;
    if (recipe !== undefined) return countByRecipe(records, input, { ...settings, recipe });
    const plan = planProtocol(table, settings);
    // The neighbour of a synthetic training beat is also a training beat: any neighbour gives the same counts.
    const neighbours = (plan.balancing?.classes ?? []).map(({ members, k }) => new Int32Array(members.length * k));
    return summarise({ ...input, plan, examples: buildExamples(table, settings, plan, neighbours) });
  });
}

/** Beats of a dataset, before their samples are written. */
interface BeatSource {
  input: Omit<SummaryInput, "plan" | "examples">;
  /** Recordings with their beats; none for tables of beats. */
  records: ReadRecord[];
  /** Writes the samples of all beats, filtered, in the order of the table. */
  fill: (values: Float32Array) => Promise<void>;
}

/** Reads the beats of recordings or of tables. @throws EctopyError `nothing-usable`, `invalid-settings`, `damaged-file` */
async function readSource(
  pool: BeatPool,
  options: PrepareOptions,
  { counted } = { counted: false },
): Promise<BeatSource> {
  const { settings } = options;
  if (settings.rowSamples !== undefined) return tableSource(pool, options);
  const own = await readAll(pool, options, { counted });
  const tested = options.test === undefined ? undefined : await readTest(pool, options, options.test, { counted });
  const records = [...own.records, ...(tested?.records ?? [])];
  const { table, found, leftOut } = collect(records, settings);
  return {
    input: {
      ...{ settings, table, found, oddities: [...own.oddities, ...(tested?.oddities ?? [])] },
      leftOut: { ...leftOut, ...joined(own.leftOut, tested?.leftOut) },
      recordings: recordingsOf(own.records),
      ...(tested === undefined
        ? {}
        : { testRecordings: recordingsOf(tested.records), sharedWithTest: options.test?.shared }),
    },
    records,
    fill: (values) => denoiseAll(pool, { records, table, values }, options),
  };
}

/** Reads the recordings of another dataset, which are the test set, by the same settings. @throws as {@link readAll} does */
async function readTest(
  pool: BeatPool,
  options: PrepareOptions,
  { folder, records }: TestSource,
  { counted }: { counted: boolean },
): Promise<ReadAll> {
  const { settings } = options;
  const leads = settings.signal === undefined ? { leads: settings.testDataset?.leads ?? settings.leads } : {};
  const own = { ...options, folder, records, settings: { ...settings, ...leads, records: [] } };
  const read = await readAll(pool, own, { counted });
  const named = (name: string): string => `${name} (test dataset)`;
  const { reasons = {} } = read.leftOut;
  return {
    records: read.records.map((record) => ({ ...record, external: true })),
    leftOut: {
      records: read.leftOut.records.map(named),
      reasons: Object.fromEntries(Object.entries(reasons).map(([name, reason]) => [named(name), reason])),
    },
    oddities: read.oddities.map((oddity) => ({ ...oddity, record: named(oddity.record) })),
  };
}

function joined(own: ReadAll["leftOut"], tested: ReadAll["leftOut"] | undefined): ReadAll["leftOut"] {
  if (tested === undefined) return own;
  const reasons = { ...own.reasons, ...tested.reasons };
  const records = [...own.records, ...tested.records];
  return Object.keys(reasons).length === 0 ? { records } : { records, reasons };
}

function tableSource(pool: BeatPool, { folder, records, settings, progress, signal }: PrepareOptions): BeatSource {
  const { tables, leftOut: withoutTables, classes } = readTables(folder, records, settings);
  const inOrder = (labels: Iterable<string>): string[] => {
    const kept = new Set(labels);
    return classes.filter((label) => kept.has(label));
  };
  const { table, found, leftOut } = collect(tables, settings, inOrder);
  return {
    input: {
      ...{ settings, table, found },
      leftOut: { ...leftOut, records: withoutTables },
      oddities: [],
      recordings: {},
    },
    records: [],
    fill: async (values) => {
      const stage = settings.denoising === "none" ? "Reading beats" : "Filtering";
      const count = counter(progress, { stage, total: table.classes.length, unit: "beats" });
      await Promise.all(
        rowTasks(tables, table, { settings: denoisingOf(settings), values }).map(async (task) => {
          await pool.run("prepareRows", task, { dropSignal: signal });
          throwIfCancelled(signal);
          count(task.rows.length);
        }),
      );
    },
  };
}

/** Collects the beats, and refuses those from which nothing can be learned. @throws EctopyError `nothing-usable` */
function collect(
  records: readonly (RecordIdentity & Pick<ReadBeats, "beats">)[],
  { classMap, smallestClass }: PreparationSettings,
  order?: (labels: Iterable<string>) => string[],
): CollectedBeats {
  const annotated = records.some(
    ({ beats: { labels, leftOut } }) => labels.length > 0 || Object.values(leftOut).some(isLeftOut),
  );
  if (!annotated) {
    throw new EctopyError(
      "nothing-usable",
      `${records.length === 1 ? `Recording ${records[0].name} has` : `The ${records.length} recordings have`} no annotated beats.`,
      "Choose recordings with annotations, or import them with the annotator that annotates beats.",
    );
  }
  const collected = collectBeats(records, classMap, smallestClass, order);
  const { labels } = collected.table;
  if (labels.length === 1) {
    throw new EctopyError(
      "nothing-usable",
      `Only class ${labels[0]} has enough beats: a classifier needs two classes at least.`,
      "Use more recordings, another class map, or fewer minimum beats per class.",
    );
  }
  return collected;
}

/** Returns whether beats were left out: a number of them, or numbers by symbol. */
function isLeftOut(count: number | Record<string, number> = 0): boolean {
  return typeof count === "number" ? count > 0 : Object.keys(count).length > 0;
}

/** Returns the options with the leads and the rate that the settings leave open. */
function resolved(options: PrepareOptions): PrepareOptions {
  return { ...options, settings: resolvePreparation(options.settings, options.records) };
}

function recordingsOf(records: readonly ReadRecord[]): Record<string, PreparedRecording> {
  return Object.fromEntries(
    records.map(({ name, leads: [lead, secondLead], rate }) => [
      name,
      { lead, rate, ...(secondLead === undefined ? {} : { secondLead }) },
    ]),
  );
}

/** Does some work with the pool of the options, or with one that is closed afterwards. @throws CancelledError */
async function withPool<T>(options: PrepareOptions, work: (pool: BeatPool) => Promise<T>): Promise<T> {
  const pool = options.pool ?? createBeatPool(options.workers);
  try {
    return await work(pool);
  } catch (error) {
    // A task that was dropped from the queue says less.
    throwIfCancelled(options.signal);
    throw error;
  } finally {
    if (options.pool === undefined) await pool.close();
  }
}

interface ReadAll {
  /** Recordings with a usable lead. */
  records: ReadRecord[];
  leftOut: Pick<LeftOut, "records" | "reasons">;
  oddities: RecordOddity[];
}

/** Lead oddities with which a recording has no beats to learn from. */
const UNUSABLE: readonly FindingCode[] = ["flat-lead", "all-missing"];

/** Reads the recordings that protocol and settings choose. @throws EctopyError `nothing-usable` where none has a usable lead */
async function readAll(pool: BeatPool, options: PrepareOptions, { counted }: { counted: boolean }): Promise<ReadAll> {
  const { folder, settings, progress, signal } = options;
  const { used: chosen, leftOut: excluded } = chooseRecords(options.records, settings);
  const isTest = options.test?.folder === folder;
  const shared = new Set(isTest ? [] : options.test?.shared);
  const isUnlabelled = ({ given }: RecordToPrepare): boolean =>
    !isTest && settings.annotations !== undefined && given === undefined;
  const used = chosen.filter((record) => !shared.has(record.name) && !isUnlabelled(record));
  if (used.length === 0) throw settings.annotations === undefined ? allShared() : unlabelled(settings.annotations);
  const known = new Map(options.records.map((record) => [record.name, record]));
  const count = counter(progress, { stage: "Reading recordings", total: used.length, unit: "recordings" });
  const answers = await Promise.all(
    used.map(async (identity) => {
      const { name } = identity;
      const { details, given, findings = [] } = known.get(name) ?? {};
      const from = { folder, name, annotator: details?.annotator, given };
      const order = { ...from, settings, examined: findings.length > 0, counted };
      const read = await pool.run("readBeats", order, { dropSignal: signal }).catch((error: unknown) => {
        throw refusalOf(error, `Recording ${name}`, "Exclude the recording, or split it into shorter ones.");
      });
      throwIfCancelled(signal);
      count(1);
      return { identity, read };
    }),
  );
  const records: ReadRecord[] = [];
  const reasons: Record<string, string> = {};
  for (const record of chosen) {
    if (shared.has(record.name)) reasons[record.name] = "It or its patient is in the test dataset.";
    else if (isUnlabelled(record)) reasons[record.name] = lacksSets(settings.annotations ?? { sets: [] });
  }
  const oddities: RecordOddity[] = [];
  for (const { identity, read } of answers) {
    const unusable = read?.oddities.find(({ code }) => UNUSABLE.includes(code));
    if (read === null) reasons[identity.name] = lacksLeads(settings);
    else if (unusable !== undefined) reasons[identity.name] = unusable.message;
    else {
      records.push({ ...identity, ...read });
      oddities.push(...read.oddities.map((oddity) => ({ ...oddity, record: identity.name })));
    }
  }
  refuseNoRecords(records, reasons);
  if (settings.rate === undefined) refuseMixedRates(records);
  const leftOut = { records: [...excluded, ...Object.keys(reasons)] };
  return { records, leftOut: Object.keys(reasons).length === 0 ? leftOut : { ...leftOut, reasons }, oddities };
}

interface CutBeats {
  records: readonly ReadBeats[];
  table: BeatTable;
  /** Rows of the beats, in shared memory. */
  values: Float32Array;
}

async function denoiseAll(
  pool: BeatPool,
  { records, table, values }: CutBeats,
  { settings, progress, signal }: PrepareOptions,
): Promise<void> {
  const window = windowOf(settings);
  const stage = settings.denoising === "none" ? "Cutting beats" : "Filtering";
  const count = counter(progress, { stage, total: table.classes.length, unit: "beats" });
  await Promise.all(
    records.map(async ({ signal: lead }, i) => {
      // Only an input recipe reads no lead, and has no rows of this function.
      if (lead === null) return;
      const row = table.recordStarts[i];
      const samples = table.position.slice(row, table.recordStarts[i + 1]);
      await pool.run(
        "denoiseBeats",
        { signal: lead, samples, window, settings: denoisingOf(settings), values, row },
        { dropSignal: signal },
      );
      throwIfCancelled(signal);
      count(samples.length);
    }),
  );
}

function denoisingOf({ denoising, wavelet, levels, threshold, normalisation }: PreparationSettings): DenoisingSettings {
  return { denoising, wavelet, levels, threshold, normalisation };
}

/** Returns the neighbours of every beat of every class that is balanced, in the lists that `buildExamples` needs. */
async function searchNeighbours(
  pool: BeatPool,
  { values, length, plan }: { values: Float32Array; length: number; plan: ProtocolPlan },
  { progress, signal }: PrepareOptions,
): Promise<Int32Array[]> {
  const classes = plan.balancing?.classes ?? [];
  const total = classes.reduce((sum, { members, k }) => sum + (k > 0 ? members.length : 0), 0);
  const count = counter(progress, { stage: "Searching neighbours", total, unit: "beats" });
  const found = classes.map(({ members, k }) => new Int32Array(members.length * k));
  // The largest class first, so that no worker starts a large class at the end.
  const order = classes.map((_, i) => i).sort((a, b) => classes[b].members.length - classes[a].members.length);
  await Promise.all(
    order
      .filter((i) => classes[i].k > 0)
      .map(async (i) => {
        const { members, k } = classes[i];
        const neighbourPlan = await pool.run("planNeighbours", { values, length, members }, { dropSignal: signal });
        const ranges = Array.from(
          { length: Math.ceil(members.length / QUERIES_PER_TASK) },
          (_, r) => r * QUERIES_PER_TASK,
        );
        await Promise.all(
          ranges.map(async (from) => {
            const to = Math.min(members.length, from + QUERIES_PER_TASK);
            const task = { plan: neighbourPlan, from, to, k };
            found[i].set(await pool.run("findNeighbours", task, { dropSignal: signal }), from * k);
            throwIfCancelled(signal);
            count(to - from);
          }),
        );
      }),
  );
  return found;
}

/** Measures wall time since the last lap, and since the start, in seconds. */
function stopwatch(): { lap: () => number; total: () => number } {
  const start = performance.now();
  let last = start;
  return {
    lap: () => {
      const now = performance.now();
      const seconds = (now - last) / 1000;
      last = now;
      return seconds;
    },
    total: () => (performance.now() - start) / 1000,
  };
}
