import { describe, expect, it } from "vitest";
import { noRecordingResults, TOO_FEW_PATIENTS } from "../../../contract/text/patient-text.ts";
import { resultsByPatient } from "../../../pipeline/evaluation/by-patient.ts";
import type { Block, Table } from "./document.ts";
import { comparedPatientBlocks, patientBlocks } from "./patient-blocks.ts";
import type { ReportRun } from "./report-run.ts";

const records = ["100", "101", "102", "103", "104"];
const truth = [0, 0, 0, 0, 0, 1, 1];
/** @param predicted class of seven beats: one of each recording, and two V of the last */
const runOf = (name: string, predicted: number[] | null, patients = [0, 1, 2, 3, 4]): ReportRun =>
  ({
    name,
    preparation: { settings: {} },
    patients:
      predicted &&
      resultsByPatient({ labels: ["N", "V"], records, patients, truth, predicted, record: [0, 1, 2, 3, 4, 4, 4] }),
  }) as ReportRun;
const tables = (blocks: Block[]): Table[] => blocks.filter((block) => block.kind === "table");

describe("results by recording in a report", () => {
  it("list recordings with their errors and the sensitivity of each class, then intervals over patients", () => {
    const [recordings, intervals] = tables(patientBlocks(runOf("Run 1", [0, 0, 1, 0, 0, 1, 0]).patients));
    expect(recordings.columns.map(({ title }) => title)).toEqual([
      "Recording",
      "Beats",
      "Errors",
      "Accuracy",
      "N",
      "V",
    ]);
    expect(recordings.rows.slice(0, 2)).toEqual([
      ["102", "1", "1", "0.00 %", "0.00", "–"],
      ["104", "3", "1", "66.67 %", "100.00", "50.00"],
    ]);
    expect(intervals.caption).toMatch(/bootstrap over 5 patients, 2,000 resamples/);
    // V occurs in one patient alone.
    expect(intervals.rows[1].slice(1)).toEqual(["–", "–", expect.any(String), "–", "–", "–"]);
  });

  it("give a class without the recording that has most of its beats, and name the rare ones", () => {
    const [, list] = patientBlocks(runOf("Run 1", [0, 0, 1, 0, 0, 1, 0]).patients);
    expect(list).toEqual({
      kind: "list",
      items: [
        "V without 104, which has 2 of its 2 beats: sensitivity –, PPV 0.00 %, F1 –.",
        "Too rare in the test set to be judged, with fewer than 5 patients or 20 beats: N (5 beats of 5 patients), " +
          "V (2 beats of 1 patient).",
      ],
    });
  });

  it("say why there are none, or no intervals", () => {
    expect(patientBlocks(null)).toEqual([{ kind: "paragraph", text: noRecordingResults({}) }]);
    const few = patientBlocks(runOf("Run 1", truth, [0, 0, 0, 0, 0]).patients);
    expect(few.at(-1)).toEqual({ kind: "paragraph", text: TOO_FEW_PATIENTS });
  });

  it("put runs with the same test beats side by side, most errors first", () => {
    const [table] = tables(
      comparedPatientBlocks([[runOf("Run 1", [0, 0, 1, 0, 0, 1, 1]), runOf("Run 2", [0, 1, 1, 0, 0, 1, 1])]]),
    );
    expect(table.rows.slice(0, 3)).toEqual([
      ["102", "1", "0.00 %", "0.00 %"],
      ["101", "1", "100.00 %", "0.00 %"],
      ["100", "1", "100.00 %", "100.00 %"],
    ]);
    expect(table.rows.at(-2)?.[0]).toBe("Accuracy, over patients");
  });
});
