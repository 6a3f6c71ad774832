/** An inspection of three recordings in two folders, for tests and the gallery. */
import type { Inspection, InspectedRecord } from "../../contract/domain/inspection.ts";

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
