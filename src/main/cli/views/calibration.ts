/** Calibration of a run, and sensitivity at a rate of false positives per hour, as text. */
import type { Calibration } from "../../../contract/domain/calibration.ts";
import {
  alarmCells,
  alarmColumns,
  alarmNote,
  calibrationText,
  NO_ALARMS,
} from "../../../contract/text/calibration-text.ts";
import { formatTable } from "../format.ts";

export function describeCalibration(calibration: Calibration): string {
  const { alarms } = calibration;
  if (alarms === null) return [calibrationText(calibration), NO_ALARMS].join("\n");
  return [
    calibrationText(calibration),
    "",
    formatTable(
      ["Class", ...alarmColumns.map((title) => `${title}>`)],
      alarms.points.map((point) => [point.label, ...alarmCells(point)]),
    ),
    alarmNote(alarms),
  ].join("\n");
}
