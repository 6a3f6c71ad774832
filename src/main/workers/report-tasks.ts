/** Tasks of a recording's report: its statistics, and which leads its strips show. */
import { UNLIKE_FLAG, UNSURE_FLAG, type SetColumns } from "../../contract/domain/annotation-sets.ts";
import { isHeartbeat } from "../../contract/domain/class-maps.ts";
import type { Recording, Signal } from "../../contract/domain/recordings.ts";
import { MAX_STRIP_LEADS } from "../../contract/domain/strip-drawing.ts";
import { unitsPerMillivolt } from "../../pipeline/recordings/units.ts";
import { symbolOfCode } from "../../pipeline/recordings/wfdb/codes.ts";
import { recordingStatistics } from "../../pipeline/rhythm/statistics/recording-statistics.ts";
import { chosenAnnotations } from "./viewed-annotations.ts";
import type { SetStatistics, StatisticsTask } from "./viewing-tasks.ts";

/** @throws EctopyError as `chosenAnnotations` */
export function setStatistics(input: StatisticsTask): SetStatistics {
  const { rate, length, leadCount, startsAt, settings, columns } = input;
  const annotations = chosenAnnotations(input) ?? [];
  const recording = { annotations, rate, length, leads: leadCount, startsAt };
  return {
    statistics: recordingStatistics(recording, settings),
    unsure: flaggedBeats(columns, UNSURE_FLAG),
    unlike: flaggedBeats(columns, UNLIKE_FLAG),
  };
}

function flaggedBeats(columns: SetColumns | undefined, flag: number): number | null {
  if (!columns?.flags) return null;
  const { codes } = columns;
  return columns.flags.reduce(
    (sum, each, i) => sum + ((each & flag) !== 0 && isHeartbeat(symbolOfCode(codes[i])) ? 1 : 0),
    0,
  );
}

/** Returns the leads of a strip: the first in a unit of voltage; where there is none, the first of all. */
export function stripSignals({ signals }: Recording): Signal[] {
  const voltages = signals.filter(({ units }) => unitsPerMillivolt(units) !== null);
  return (voltages.length > 0 ? voltages : signals).slice(0, MAX_STRIP_LEADS);
}
