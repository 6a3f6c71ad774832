/** Groups the beats of a recording by shape, for the families and the map of a review. */
import type { BeatShapes, PackedFamilies } from "../../contract/domain/beat-families.ts";
import type { Recording } from "../../contract/domain/recordings.ts";
import type { PrincipalAxes } from "../../pipeline/beats/principal-axes.ts";
import {
  POINTS_BEFORE,
  SHAPE_POINTS,
  SHAPE_RATE,
  shapeReader,
  writeShape,
  type ReadShape,
} from "../../pipeline/review/families/beat-shapes.ts";
import {
  familyOf,
  findTemplates,
  type Membership,
  type Templates,
} from "../../pipeline/review/families/group-beats.ts";
import { mapAxes, project } from "../../pipeline/review/families/map-beats.ts";
import { stripSignals } from "./report-tasks.ts";

/** The families of a review, and the beats that founded them. */
export interface FoundFamilies {
  templates: Templates;
  /** Samples of the founders, and what each is to its family. */
  memberships: ReadonlyMap<number, Membership>;
  /** Name of each family: its first beat. */
  names: number[];
  /** Axes of the map; null: there is no beat. */
  axes: PrincipalAxes | null;
}

/** Returns a reader of the shapes of a recording: its first leads in a unit of voltage. */
export function shapesOf(recording: Recording): (sample: number) => ReadShape {
  return shapeReader(stripSignals(recording), recording.rate);
}

/** @param founders R-peaks, ascending */
export function findFamilies(founders: Int32Array, recording: Recording): FoundFamilies {
  const read = shapesOf(recording);
  const templates = findTemplates(founders, read);
  const firsts = new Map<number, number>();
  let latest = 0;
  const list = Array.from(founders, (sample) => {
    const membership = familyOf(read(sample), templates, latest);
    latest = membership.family;
    if (!firsts.has(latest)) firsts.set(latest, sample);
    return membership;
  });
  // A family whose beats are all nearer to others has none left.
  const kept = [...firsts.keys()].sort((a, b) => a - b);
  const numbers = new Map(kept.map((family, number) => [family, number]));
  for (const membership of list) membership.family = numbers.get(membership.family)!;
  return {
    templates: { families: kept.map((family) => templates.families[family]) },
    memberships: new Map(list.map((membership, i) => [founders[i], membership])),
    names: kept.map((family) => firsts.get(family)!),
    axes: mapAxes(founders, list, read),
  };
}

/** Returns beats by their shapes: those that are no founders belong to the family that they are most alike. */
export function groupByShape(
  { beats, given }: { beats: Int32Array; given: PackedFamilies },
  recording: Recording,
  found: FoundFamilies,
): BeatShapes {
  const { templates, memberships, names, axes } = found;
  const read = shapesOf(recording);
  const leads = stripSignals(recording).map(({ lead, units }) => ({ lead, units }));
  const values = new Float64Array(leads.length * SHAPE_POINTS);
  // A set without a beat has no families: beats that a reviewer adds are one.
  const isEmpty = templates.families.length === 0;
  const alone: Membership = { family: 0, correlation: 1, shift: 0 };
  const [first] = beats;
  const families = new Int32Array(beats.length);
  const shifts = new Int8Array(beats.length);
  const correlations = new Float32Array(beats.length);
  const map = { x: new Float32Array(beats.length), y: new Float32Array(beats.length) };
  const nameOf = (family: number): number => names[family] ?? first;
  for (const [i, sample] of beats.entries()) {
    const shape = read(sample);
    const membership = memberships.get(sample) ?? (isEmpty ? alone : familyOf(shape, templates));
    families[i] = nameOf(membership.family);
    shifts[i] = membership.shift;
    correlations[i] = membership.correlation;
    if (axes === null) continue;
    writeShape(shape, membership.shift, values);
    [map.x[i], map.y[i]] = project(axes, values);
  }
  return {
    samples: beats,
    families,
    correlations,
    map,
    leads,
    points: SHAPE_POINTS,
    pointsBefore: POINTS_BEFORE,
    rate: SHAPE_RATE,
    means: meansOf(beats, { shifts, families: withGiven(beats, families, given) }, read),
  };
}

/** Beats that a mean shape is made of, at most, spread over the recording. */
const MEAN_BEATS = 100;

function withGiven(beats: Int32Array, families: Int32Array, given: PackedFamilies): Int32Array {
  const names = new Map(Array.from(given.samples, (sample, i) => [sample, given.families[i]]));
  return families.map((family, i) => names.get(beats[i]) ?? family);
}

function meansOf(
  beats: Int32Array,
  { shifts, families }: { shifts: Int8Array; families: Int32Array },
  read: (sample: number) => ReadShape,
): BeatShapes["means"] {
  const members = new Map<number, number[]>();
  for (const [i, family] of families.entries()) {
    const found = members.get(family);
    if (found) found.push(i);
    else members.set(family, [i]);
  }
  return [...members].map(([family, all]) => {
    const count = Math.min(MEAN_BEATS, all.length);
    const values = new Float32Array(read(beats[all[0]]).leads * SHAPE_POINTS);
    const own = new Float32Array(values.length);
    for (let n = 0; n < count; n++) {
      const i = all[Math.floor((n * all.length) / count)];
      writeShape(read(beats[i]), shifts[i], own);
      for (let k = 0; k < values.length; k++) values[k] += own[k] / count;
    }
    return { family, values };
  });
}
