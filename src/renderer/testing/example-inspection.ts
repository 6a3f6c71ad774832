/** Inspections of recordings in two folders, and of tables of beats, for tests and the gallery. */
import { UNKNOWN_ORIGIN } from "../../contract/domain/dataset-records.ts";
import type { Inspection, InspectedRecord } from "../../contract/domain/inspection.ts";
import type { TableSet } from "../../contract/domain/recordings.ts";

const record: InspectedRecord = {
  name: "data_21_7",
  usable: true,
  rate: 360,
  length: 650_000,
  leads: ["II", "V5"],
  beats: { N: 2000, V: 12 },
  otherAnnotations: 3,
  comments: [],
  findings: [],
  place: "a",
  patient: "21",
  knownAs: null,
  hashes: ["0123456789abcdef", "fedcba9876543210"],
  annotators: [
    { annotator: "atr", symbols: { "+": 3, N: 2000, V: 12 } },
    { annotator: "qrs", symbols: { N: 2012 } },
  ],
};
const flat = {
  code: "flat-lead" as const,
  severity: "warning" as const,
  message: "Lead V5 is flat from start to end.",
  fix: "Choose another lead, or exclude the recording.",
};

export const exampleInspection: Inspection = {
  id: 1,
  path: "/home/someone/clinic",
  name: "clinic",
  contents: "recordings",
  tables: {},
  records: [
    record,
    { ...record, name: "data_21_8", findings: [flat] },
    {
      ...record,
      name: "b-8",
      place: "b",
      patient: "8",
      leads: ["II"],
      details: { originalName: "8", units: ["uV"] },
      findings: [flat],
    },
  ],
  patientsFrom: "names",
  leftOut: [
    { place: "", file: "lone.dat", reason: "no-header" },
    { place: "b", file: "voice.wav", reason: "not-a-recording" },
  ],
  formats: { WFDB: 3 },
  rates: { "360": 3 },
  leads: [
    { lead: "II", records: 3, positions: { "1": 3 }, units: { mV: 2, uV: 1 }, missingIn: [] },
    { lead: "V5", records: 2, positions: { "2": 2 }, units: { mV: 2 }, missingIn: ["b-8"] },
  ],
  annotators: [
    { annotator: "atr", records: 3, symbols: { "+": 9, N: 6000, V: 36 } },
    { annotator: "qrs", records: 3, symbols: { N: 6036 } },
  ],
  places: [
    { place: "a", records: 2 },
    { place: "b", records: 1 },
  ],
  findings: [],
  seconds: 5416,
};

const beatTable = (name: string, beats: Record<string, number>, set: TableSet): InspectedRecord => ({
  ...UNKNOWN_ORIGIN,
  name,
  usable: true,
  rate: 125,
  length: 0,
  leads: [],
  beats,
  otherAnnotations: 0,
  comments: [],
  details: { format: "CSV", table: { samples: 187, classes: ["N", "V"], classTexts: ["0", "2"], set } },
  findings: [],
});

/** Kaggle's tables of beats: a training and a test set, and a table of another database. */
export const exampleTables: Inspection = {
  id: 2,
  path: "/home/someone/kaggle",
  name: "kaggle",
  contents: "beats",
  tables: { mitbih_train: "train", mitbih_test: "test" },
  records: [
    beatTable("mitbih_test", { N: 40, V: 10 }, "train"),
    beatTable("mitbih_train", { N: 160, V: 40 }, "train"),
    beatTable("ptbdb_normal", { N: 30 }, "train"),
  ],
  patientsFrom: null,
  leftOut: [],
  formats: { CSV: 3 },
  rates: { "125": 3 },
  leads: [],
  annotators: [],
  places: [{ place: "", records: 3 }],
  findings: [],
  seconds: 0,
};
