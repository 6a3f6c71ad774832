/** Draws all annotations above the trace: rhythm episodes, noise and remarks, and the symbols of the beats. The trace stays free. */
import { UNLIKE_FLAG, UNSURE_FLAG } from "../../../../contract/domain/annotation-sets.ts";
import type { AnnotationColumns } from "../../../../contract/domain/viewing.ts";
import { classColour } from "../../../theme/class-colours.ts";
import type { DrawingContext } from "./drawing-context.ts";
import { fonts } from "../../../theme/tokens.ts";
import { rhythmColourSymbol, type Episode } from "../../../../contract/domain/rhythm.ts";
import type { Scene } from "./scene.ts";
import { firstFrom, isInBeatRow, remarkOf } from "./events.ts";
import { drawDisagreements } from "./draw-sets.ts";
import { comparedRowHeight, GUTTER, HEAD, labelled, REMARKS, RHYTHM, SYMBOLS } from "./layout.ts";
import { timeAt, xAt } from "./view.ts";

/** Distances between beats above which ticks, and symbols, are drawn; closer ones would be unreadable. */
const MIN_TICK_DISTANCE_PX = 26;
const MIN_MARK_DISTANCE_PX = 4;
/** Symbol drawn over the lanes. */
const PACING_SPIKE = "^";
/** Symbols drawn as part of an episode. */
const EPISODE_SYMBOLS = "+~[]";
/** Height of the tick at a beat, above each lead. */
const TICK_PX = 5;

export function drawAnnotations(context: DrawingContext, scene: Scene): void {
  const { record } = scene;
  const row = comparedRowHeight(record);
  context.save();
  context.translate(0, -row);
  drawRhythms(context, scene);
  drawRemarks(context, scene, [...drawNoise(context, scene), ...drawPauses(context, scene)]);
  context.restore();
  drawPacing(context, scene);
  drawDisagreements(context, scene);
  if (record.compared) drawBeats(context, { ...scene, panels: [] }, record.compared.annotations, HEAD - SYMBOLS);
  drawBeats(context, scene, record.annotations, HEAD);
}

/** Returns the episodes of a kind that reach into the view. */
function episodesInView({ record, view, width }: Scene, kind: Episode["kind"]): Episode[] {
  const [start, end] = [view.start * record.rate, timeAt(view, width - GUTTER) * record.rate];
  return record.rhythm.episodes.filter((each) => each.kind === kind && each.to > start && each.from < end);
}

/** Draws each rhythm as a band in the colour of its beats, with its code where it fits. */
function drawRhythms(context: DrawingContext, scene: Scene): void {
  const { record, view, width, tokens, dark } = scene;
  context.font = `600 12px ${fonts.body}`;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  for (const { code, from, to } of episodesInView(scene, "rhythm")) {
    const left = Math.max(0, xAt(view, from / record.rate));
    const right = Math.min(width - GUTTER, xAt(view, to / record.rate));
    drawBand(context, { left, right, colour: classColour(rhythmColourSymbol(code), dark), strong: code !== "N" });
    if (context.measureText(code).width + 8 > right - left) continue;
    context.fillStyle = tokens.ink;
    context.fillText(code, left + 5, RHYTHM - 5);
  }
}

function drawBand(
  context: DrawingContext,
  { left, right, colour, strong }: { left: number; right: number; colour: string; strong: boolean },
): void {
  context.fillStyle = colour;
  context.globalAlpha = strong ? 0.28 : 0.1;
  context.fillRect(left, 1, Math.max(1, right - left), RHYTHM - 2);
  context.globalAlpha = 1;
  context.fillRect(left, 1, 2, RHYTHM - 2);
  if (strong) context.fillRect(left, RHYTHM - 3, Math.max(2, right - left), 2);
}

/** Draws noise as a hatched band with the names of its leads. @returns the taken ranges of the row */
function drawNoise(context: DrawingContext, scene: Scene): [from: number, to: number][] {
  const { record, view, width, tokens } = scene;
  const taken: [from: number, to: number][] = [];
  context.font = `12px ${fonts.body}`;
  for (const { code, from, to, leads } of episodesInView(scene, "noise")) {
    const left = Math.max(0, xAt(view, from / record.rate));
    const right = Math.min(width - GUTTER, xAt(view, to / record.rate));
    hatch(context, left, right, tokens.edge);
    const names =
      leads.length === record.leads.length ? "" : ` ${leads.map((lead) => record.leads[lead]?.lead).join(", ")}`;
    const text = `${code === "u" ? "unreadable" : "noise"}${names}`;
    const room = context.measureText(text).width + 10;
    if (room > right - left) continue;
    context.fillStyle = tokens.surface;
    context.fillRect(left + 2, RHYTHM + 1, room - 4, REMARKS - 2);
    context.fillStyle = tokens.faint;
    context.fillText(text, left + 5, RHYTHM + REMARKS - 4);
    taken.push([left, left + room]);
  }
  return taken;
}

/** Draws each pause as a line with its duration. @returns the taken ranges of the row */
function drawPauses(context: DrawingContext, { record, view, width, tokens }: Scene): [from: number, to: number][] {
  const taken: [from: number, to: number][] = [];
  const plot = width - GUTTER;
  for (const { from, to } of record.rhythm.pauses) {
    const [left, right] = [xAt(view, from / record.rate), xAt(view, to / record.rate)];
    if (right < 0 || left > plot) continue;
    context.fillStyle = tokens.danger;
    context.fillRect(left, RHYTHM + REMARKS - 3, Math.max(2, right - left), 2);
    taken.push([left, right]);
    const text = `pause ${((to - from) / record.rate).toFixed(2)} s`;
    if (context.measureText(text).width > right - left) continue;
    context.fillText(text, left + 2, RHYTHM + REMARKS - 5);
  }
  return taken;
}

function hatch(context: DrawingContext, left: number, right: number, colour: string): void {
  context.fillStyle = colour;
  context.globalAlpha = 0.5;
  for (let x = Math.ceil(left / 6) * 6; x < right; x += 6) context.fillRect(x, RHYTHM + 2, 2, REMARKS - 4);
  context.globalAlpha = 1;
  context.fillRect(left, RHYTHM + 2, 1, REMARKS - 4);
}

/** Draws notes, artefacts and other annotations at their time, with their texts where these fit. */
function drawRemarks(
  context: DrawingContext,
  { record, view, width, tokens }: Scene,
  taken: [from: number, to: number][],
): void {
  const { samples, symbols, texts } = record.annotations;
  const end = timeAt(view, width - GUTTER) * record.rate;
  for (let i = firstFrom(samples, view.start * record.rate); i < samples.length && samples[i] <= end; i++) {
    if (isInBeatRow(symbols[i]) || EPISODE_SYMBOLS.includes(symbols[i])) continue;
    const x = xAt(view, samples[i] / record.rate);
    context.fillStyle = tokens.ink;
    context.fillRect(x, RHYTHM + 2, 1.5, REMARKS - 4);
    // A pacemaker spike at each beat: the line says enough.
    if (symbols[i] === PACING_SPIKE) continue;
    const text = remarkOf(symbols[i], texts[i]).replace(/ \(.*/, "");
    const right = x + context.measureText(text).width + 10;
    if (taken.some(([from, to]) => x < to && right > from)) continue;
    taken.push([x, right]);
    context.fillStyle = tokens.faint;
    context.fillText(text, x + 4, RHYTHM + REMARKS - 4);
  }
}

/** Draws a line at each pacemaker spike over the height of the lanes. */
function drawPacing(context: DrawingContext, { record, view, width, tokens, panels }: Scene): void {
  const { samples, symbols } = record.annotations;
  const end = timeAt(view, width - GUTTER) * record.rate;
  context.fillStyle = tokens.accent;
  context.globalAlpha = 0.35;
  for (let i = firstFrom(samples, view.start * record.rate); i < samples.length && samples[i] <= end; i++) {
    if (symbols[i] !== PACING_SPIKE) continue;
    const x = xAt(view, samples[i] / record.rate);
    for (const { top, bottom, left, right } of panels) {
      if (x >= left && x <= right) context.fillRect(Math.round(x) - 0.5, top, 1, bottom - top);
    }
  }
  context.globalAlpha = 1;
}

/**
 * Draws symbol and colour of each beat above the leads, and a tick at its R-peak above each lead. The mark of an unsure
 * beat is broken; a beat unlike the training set has a second line.
 * @param foot lower edge of the row
 */
function drawBeats(context: DrawingContext, scene: Scene, annotations: AnnotationColumns, foot: number): void {
  const { record, view, width, dark, tokens, selected, isReview, mostFrequent, panels } = scene;
  const { samples, symbols, flags } = annotations;
  const xs: number[] = [];
  const indices: number[] = [];
  const end = timeAt(view, width - GUTTER + 10) * record.rate;
  for (let i = firstFrom(samples, timeAt(view, -10) * record.rate); i < samples.length && samples[i] <= end; i++) {
    if (!isInBeatRow(symbols[i])) continue;
    xs.push(xAt(view, samples[i] / record.rate));
    indices.push(i);
  }
  const isSelected = (index: number): boolean =>
    selected !== null &&
    samples[index] >= selected.from &&
    samples[index] <= selected.to &&
    (isReview || selected.to === selected.from);
  const apart = xs.length < 2 ? Infinity : (xs[xs.length - 1] - xs[0]) / (xs.length - 1);
  const room = apart >= MIN_TICK_DISTANCE_PX;
  // Where most symbols don't fit, drawing a few would mislead: the overview shows the counts instead.
  const shown =
    apart < MIN_MARK_DISTANCE_PX
      ? indices.map(isSelected)
      : labelled(
          xs,
          indices.map((i) => symbols[i] !== mostFrequent || isSelected(i)),
        );
  const bar = foot - 10;
  context.font = `600 12.5px ${fonts.body}`;
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  // The most frequent type first, so that rarer types are drawn over it.
  for (const common of [true, false]) {
    indices.forEach((index, k) => {
      const symbol = symbols[index];
      if ((symbol === mostFrequent) !== common || (apart < MIN_MARK_DISTANCE_PX && !isSelected(index))) return;
      context.fillStyle = classColour(symbol === "!" ? "V" : symbol, dark);
      context.fillRect(xs[k] - (room ? 5 : 1), bar, room ? 10 : 2, 4);
      if (!room) return;
      const flag = flags?.[index] ?? 0;
      if ((flag & UNLIKE_FLAG) !== 0) context.fillRect(xs[k] - 5, bar + 6, 10, 1.5);
      if ((flag & UNSURE_FLAG) !== 0) {
        const { fillStyle } = context;
        context.fillStyle = tokens.surface;
        context.fillRect(xs[k] - 2, bar, 4, 4);
        context.fillStyle = fillStyle;
      }
      for (const { top, left, right } of panels)
        if (xs[k] >= left && xs[k] <= right) context.fillRect(Math.round(xs[k]) - 0.5, top, 1.5, TICK_PX);
    });
  }
  indices.forEach((index, k) => {
    if (!shown[k]) return;
    if (isSelected(index)) {
      context.fillStyle = tokens.accentSoft;
      context.fillRect(xs[k] - 9, foot - SYMBOLS + 1, 18, SYMBOLS - 12);
    }
    context.fillStyle = tokens.ink;
    context.fillText(symbols[index], xs[k], bar - 4);
  });
  context.textAlign = "left";
}
