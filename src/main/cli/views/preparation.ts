/** Preparation, as text and as a document. */
import type { PreparationSummary } from "../../../contract/domain/preparation.ts";
import type { PreparationResult } from "../../../contract/domain/preparation.ts";
import { exclusionTexts } from "../../../contract/domain/label-choice.ts";
import { protocolName } from "../../../contract/settings/setting-table.ts";
import { formatTable } from "../format.ts";
import { formatDuration, formatInteger } from "../../../contract/text/format-number.ts";

export function preparationDocument({ preparation, alreadyThere }: PreparationResult): unknown {
  return { preparation: { ...preparation, alreadyThere } };
}

export function describePreparation({ preparation, alreadyThere }: PreparationResult): string {
  return [
    alreadyThere
      ? `Preparation ${preparation.id}: prepared before with the same settings.`
      : `Preparation ${preparation.id}: prepared in ${formatDuration(preparation.seconds)}.`,
    "",
    describeSummary(preparation.summary),
    "",
    `Next: ectopy train ${preparation.id} --model ${preparation.settings.recipe === undefined ? "ann" : "rhythm-and-shape"}`,
  ].join("\n");
}

export function describeSummary(summary: PreparationSummary): string {
  const { settings, counts, totals, leftOut } = summary;
  const withSynthetic = (all: number, synthetic: number): string[] => [
    formatInteger(all),
    synthetic === 0 ? "" : formatInteger(synthetic),
  ];
  const rows = counts.map((c) => [
    c.label,
    formatInteger(c.found),
    ...withSynthetic(c.train, c.syntheticTrain),
    ...withSynthetic(c.validation, c.syntheticValidation),
    ...withSynthetic(c.test, c.syntheticTest),
  ]);
  const sum = (pick: (c: (typeof counts)[number]) => number): number => counts.reduce((total, c) => total + pick(c), 0);
  rows.push([
    "all",
    formatInteger(sum((c) => c.found)),
    ...withSynthetic(
      totals.train,
      sum((c) => c.syntheticTrain),
    ),
    ...withSynthetic(
      totals.validation,
      sum((c) => c.syntheticValidation),
    ),
    ...withSynthetic(
      totals.test,
      sum((c) => c.syntheticTest),
    ),
  ]);
  const heads = ["Class", "Real beats>", "Training>", "synthetic>", "Validation>", "synthetic>", "Test>", "synthetic>"];
  const lines = [
    `${protocolName(settings.protocol)}: ${formatInteger(summary.beats)} beats, ${counts.length} classes, seed ${settings.seed}.`,
    "",
    formatTable(heads, rows),
  ];
  const { reasons = {} } = leftOut;
  const chosen = leftOut.records.filter((record) => !Object.hasOwn(reasons, record));
  const excluded = [
    ...entries(leftOut.symbols, "unmapped"),
    ...entries(leftOut.smallClasses, "class too small"),
    ...(leftOut.outsideRecord > 0 ? [`${formatInteger(leftOut.outsideRecord)} beats without a full window`] : []),
    ...(leftOut.missingSamples > 0 ? [`${formatInteger(leftOut.missingSamples)} beats with missing samples`] : []),
    ...exclusionTexts(leftOut),
    ...(chosen.length > 0 ? [`recordings ${chosen.join(", ")}`] : []),
    ...Object.entries(reasons).map(([record, reason]) => `recording ${record} (${reason.replace(/\.$/, "")})`),
  ];
  if (excluded.length > 0) lines.push("", `Excluded: ${excluded.join("; ")}.`);
  lines.push("", "Limitations", ...summary.caveats.map((caveat) => `  • ${caveat}`));
  return lines.join("\n");
}

function entries(counts: Record<string, number>, why: string): string[] {
  return Object.entries(counts).map(([name, count]) => `${formatInteger(count)} ${name} (${why})`);
}
