/**
 * Episodes of a recording by its annotations: rhythms, ventricular flutter and noise. Pure.
 *
 * Source: WFDB Applications Guide, annotation codes. `+` changes the rhythm, whose code follows a parenthesis; `[` and `]` bound
 * ventricular flutter or fibrillation, whose waves are `!`. A change without a code ends a rhythm that a reviewer has marked. `~` changes the signal quality: bit i of its subtype marks noise in lead
 * i, bit i + 4 an unreadable lead; −1 means that all leads are unreadable.
 */
import type { Annotation } from "../../contract/domain/recordings.ts";
import type { Episode } from "../../contract/domain/rhythm.ts";

interface Range {
  from: number;
  to: number;
}

/** Gap in s that ends a run of flutter waves without brackets. */
const MAX_FLUTTER_GAP_S = 2;
const FLUTTER_CODES = new Set(["VFL", "VF", "VFIB"]);

/** A recording's annotations in order of time. */
export interface AnnotatedRecording {
  annotations: readonly Annotation[];
  /** Samples of each lead. */
  length: number;
  /** Sampling rate, in Hz. */
  rate: number;
  /** Number of leads. */
  leads: number;
}

/** Returns all episodes in order of time. */
export function findEpisodes(recording: AnnotatedRecording): Episode[] {
  const rhythms = withFlutter(rhythmEpisodes(recording), flutterRanges(recording));
  return [...rhythms, ...noiseEpisodes(recording)].sort((a, b) => a.from - b.from);
}

/** Returns the ranges of ventricular flutter: between brackets, or runs of flutter waves outside of them. */
export function flutterRanges({ annotations, length, rate }: AnnotatedRecording): Range[] {
  const ranges: Range[] = [];
  let open: { from: number; last: number; bracket: boolean } | null = null;
  const close = (to: number): void => {
    if (open) ranges.push({ from: open.from, to: Math.min(to, length) });
    open = null;
  };
  for (const { symbol, sample } of annotations) {
    if (open && !open.bracket && sample - open.last > MAX_FLUTTER_GAP_S * rate) close(open.last + 1);
    if (symbol === "[") {
      if (open) close(sample);
      open = { from: sample, last: sample, bracket: true };
    } else if (symbol === "]") {
      close(sample);
    } else if (symbol === "!") {
      if (open) open.last = sample;
      else open = { from: sample, last: sample, bracket: false };
    }
  }
  // Without a closing bracket, the last wave is the last certain sign of flutter.
  if (open) close(open.last + 1);
  return ranges.filter(({ from, to }) => to > from);
}

function rhythmEpisodes({ annotations, length }: AnnotatedRecording): Episode[] {
  const changes = annotations
    .filter(({ symbol, aux, sample }) => symbol === "+" && aux.startsWith("(") && sample < length)
    .map(({ sample, aux }) => ({ sample, code: aux.slice(1).replaceAll("\0", "").trim() }));
  return changes
    .map(({ sample, code }, i): Episode => {
      return { kind: "rhythm", code, from: sample, to: changes[i + 1]?.sample ?? length, leads: [] };
    })
    .filter(({ code, from, to }) => code !== "" && to > from);
}

/** Adds flutter that no rhythm change names: it cuts the rhythm that was annotated there. */
function withFlutter(rhythms: Episode[], ranges: readonly Range[]): Episode[] {
  let episodes = rhythms;
  for (const { from, to } of ranges) {
    const overlaps = (episode: Episode): boolean => episode.from < to && episode.to > from;
    if (episodes.some((episode) => FLUTTER_CODES.has(episode.code) && overlaps(episode))) continue;
    episodes = [
      ...episodes.flatMap((episode) =>
        overlaps(episode)
          ? [
              { ...episode, to: Math.min(episode.to, from) },
              { ...episode, from: Math.max(episode.from, to) },
            ].filter((rest) => rest.to > rest.from)
          : [episode],
      ),
      { kind: "rhythm", code: "VFL", from, to, leads: [] },
    ];
  }
  return episodes;
}

function noiseEpisodes({ annotations, length, leads }: AnnotatedRecording): Episode[] {
  const changes = annotations.filter(({ symbol, sample }) => symbol === "~" && sample < length);
  return changes.flatMap(({ sample, subtype }, i): Episode[] => {
    const to = changes[i + 1]?.sample ?? length;
    const numbers = Array.from({ length: leads }, (_, lead) => lead);
    const unreadable = subtype === -1 || numbers.some((lead) => lead < 4 && (subtype & (16 << lead)) !== 0);
    const noisy =
      subtype === -1 ? numbers : numbers.filter((lead) => lead < 4 && (subtype & ((1 << lead) | (16 << lead))) !== 0);
    return noisy.length === 0 || to <= sample
      ? []
      : [{ kind: "noise", code: unreadable ? "u" : "n", from: sample, to, leads: noisy }];
  });
}
