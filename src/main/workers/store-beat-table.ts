/**
 * Examines and stores a table whose rows are beats. A dataset's folder has two arrays of it, little-endian as all stored
 * arrays: `NAME.f32` with the samples of each beat, row by row, and `NAME.u8` with the number of each beat's class.
 * `NAME.json` has its classes, rate and set: with other choices, the dataset is another one.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { RecordHealth } from "../../contract/domain/recordings.ts";
import { beatRowBlocks, type BeatRowFacts } from "../../pipeline/recordings/delimited/beat-rows.ts";
import type { FoundInput, RecordStored, TableChoice } from "./beat-tasks.ts";
import { damagedInspection, type InspectInput, type RecordInspected } from "./inspect-recording.ts";
import { inFolder } from "./open-folder.ts";
import type { SourceFolder } from "./source-folder.ts";
import { inStaging, keepAll } from "./store-record.ts";
import { writeFile } from "./write-file.ts";

/** Examines a table before an import; nothing is stored. @throws EctopyError `disk-full`, `no-access` for a temporary file */
export function inspectBeatTable({ folder: place, recording, storedName }: InspectInput): Promise<RecordInspected> {
  return inFolder(place, (folder) => {
    try {
      const hash = createHash("sha256");
      const facts = consume(blocksOf(folder, recording.files[0]), (bytes) => hash.update(bytes));
      return inspected(facts, { storedName, hash: hash.digest("hex"), choice: { set: "train" } });
    } catch (error) {
      return damagedInspection(storedName, error);
    }
  });
}

/** Stores a table; its health reports damage. @throws EctopyError `disk-full`, `no-access` */
export function storeBeatTable({ folder, ...found }: FoundInput): Promise<RecordStored> {
  return inFolder(folder, (opened) => inStaging(found, () => storeIn(opened, found)));
}

function storeIn(
  folder: SourceFolder,
  { recording, storedName, table, ...input }: Omit<FoundInput, "folder">,
): RecordStored {
  const pathOf = (name: string): string => join(input.staging, name);
  const [values, classes, description] = [`${storedName}.f32`, `${storedName}.u8`, `${storedName}.json`];
  let facts: BeatRowFacts;
  let stored;
  try {
    const read = new Pieces(blocksOf(folder, recording.files[0]));
    // A damaged table is found while it is written: what was written of it stays in the staging folder.
    stored = writeFile(pathOf(values), values, read);
    facts = read.result();
  } catch (error) {
    return { ...damagedInspection(storedName, error), files: [] };
  }
  const about = inspected(facts, { storedName, hash: stored.sha256, choice: table ?? { set: "train" } });
  const { rate, details } = about.health;
  const text = `${JSON.stringify({ rate, ...details?.table }, null, 2)}\n`;
  const files = [
    stored,
    writeFile(pathOf(classes), classes, [facts.classes]),
    writeFile(pathOf(description), description, [Buffer.from(text)]),
  ];
  keepAll(files, input);
  return { ...about, files };
}

function blocksOf(folder: SourceFolder, file: string): Generator<Float32Array, BeatRowFacts> {
  return beatRowBlocks(folder.open(file), file);
}

/** The bytes of blocks, and what their generator returns. */
class Pieces implements Iterable<Uint8Array> {
  readonly #blocks: Generator<Float32Array, BeatRowFacts>;
  #result: BeatRowFacts | undefined;

  constructor(blocks: Generator<Float32Array, BeatRowFacts>) {
    this.#blocks = blocks;
  }

  *[Symbol.iterator](): Generator<Uint8Array> {
    let next = this.#blocks.next();
    for (; next.done !== true; next = this.#blocks.next()) {
      const { buffer, byteOffset, byteLength } = next.value;
      yield new Uint8Array(buffer, byteOffset, byteLength);
    }
    this.#result = next.value;
  }

  /** @throws Error before all pieces were read */
  result(): BeatRowFacts {
    if (this.#result === undefined) throw new Error("The blocks have not been read to their end.");
    return this.#result;
  }
}

function consume(blocks: Generator<Float32Array, BeatRowFacts>, each: (bytes: Uint8Array) => void): BeatRowFacts {
  const pieces = new Pieces(blocks);
  for (const piece of pieces) each(piece);
  return pieces.result();
}

function inspected(
  facts: BeatRowFacts,
  { storedName, hash, choice }: { storedName: string; hash: string; choice: TableChoice },
): RecordInspected {
  const { classTexts, samples } = facts;
  const names = classTexts.map((text, i) => choice.classNames?.[text] ?? facts.classNames[i]);
  const counts = new Map<string, number>();
  for (const number of facts.classes) counts.set(names[number], (counts.get(names[number]) ?? 0) + 1);
  const health: RecordHealth = {
    name: storedName,
    usable: true,
    rate: choice.rate ?? facts.rate ?? 0,
    length: 0,
    leads: [],
    beats: Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
    otherAnnotations: 0,
    comments: [],
    details: { format: "CSV", table: { samples, classes: names, classTexts, set: choice.set } },
    findings: facts.findings,
  };
  return { health, hashes: [hash], annotators: [] };
}
