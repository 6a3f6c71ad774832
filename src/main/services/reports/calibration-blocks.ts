/** Calibration of a run, and sensitivity at a rate of false positives per hour, as blocks of a report. */
import {
  alarmCells,
  alarmColumns,
  alarmNote,
  CALIBRATION_NOTE,
  calibrationText,
  NO_ALARMS,
} from "../../../contract/text/calibration-text.ts";
import type { Calibration } from "../../../contract/domain/calibration.ts";
import { formatMetric } from "../../../contract/text/format-metric.ts";
import { formatInteger } from "../../../contract/text/format-number.ts";
import { numberColumns, textColumns, type Block } from "./document.ts";
import { classCell } from "./sections.ts";

export function calibrationBlocks(calibration: Calibration): Block[] {
  const { before, after, alarms } = calibration;
  return [
    { kind: "paragraph", text: `${calibrationText(calibration)} ${CALIBRATION_NOTE}` },
    {
      kind: "table",
      caption:
        "Reliability on the test set, by probability of the predicted class: mean probability and accuracy in each bin.",
      columns: [
        ...textColumns("Probability"),
        ...numberColumns("Beats", "Mean", "Accuracy", ...(after === null ? [] : ["Beats*", "Mean*", "Accuracy*"])),
      ],
      rows: before.bins.flatMap((bin, i) => {
        const scaled = after?.bins[i];
        if (bin.beats === 0 && (scaled?.beats ?? 0) === 0) return [];
        return [
          [
            `${formatMetric(bin.low)} – ${formatMetric(bin.high)}`,
            ...[bin, ...(scaled === undefined ? [] : [scaled])].flatMap(({ beats, confidence, accuracy }) => [
              formatInteger(beats),
              formatMetric(confidence),
              formatMetric(accuracy),
            ]),
          ],
        ];
      }),
      size: "small",
    },
    ...(after === null ? [] : [{ kind: "paragraph" as const, text: "*: with the temperature." }]),
    alarms === null
      ? { kind: "paragraph", text: NO_ALARMS }
      : {
          kind: "table",
          caption: `Sensitivity at a rate of false positives. ${alarmNote(alarms)}`,
          columns: [...textColumns("Class"), ...numberColumns(...alarmColumns)],
          rows: alarms.points.map((point) => [classCell(point.label), ...alarmCells(point)]),
        },
  ];
}
