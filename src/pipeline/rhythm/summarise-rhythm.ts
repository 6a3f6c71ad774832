/** The rhythm of a recording, from its annotations. Pure. */
import { isHeartbeat } from "../../contract/domain/class-maps.ts";
import type { RhythmSummary } from "../../contract/domain/rhythm.ts";
import { findEpisodes, flutterRanges, type AnnotatedRecording } from "./episodes.ts";
import { findPauses, heartRateTrend, rrIntervals } from "./rr-intervals.ts";

export function summariseRhythm(recording: AnnotatedRecording): RhythmSummary {
  const { annotations, rate, length } = recording;
  const beats = Uint32Array.from(
    annotations.filter(({ symbol }) => isHeartbeat(symbol)),
    ({ sample }) => sample,
  );
  const intervals = rrIntervals(beats, rate, flutterRanges(recording));
  return {
    episodes: findEpisodes(recording),
    pauses: findPauses(intervals, rate),
    intervals,
    heartRate: heartRateTrend(intervals, rate, length / rate),
  };
}
