/** Writes a report: draws figures, orders sections and numbers tables and figures. */
import { RESEARCH_USE_ONLY } from "../../../contract/api/notices.ts";
import { protocolName } from "../../../contract/settings/setting-table.ts";
import type { ComparisonService } from "../runs/comparison.ts";
import { figureSet } from "../figures/figure-set.ts";
import { printFigure, type PrintedFigure } from "../figures/print-figure.ts";
import type { Figure } from "../figures/sheet.ts";
import { comparisonSections } from "./comparison-report.ts";
import { numbered, type ReportDocument, type Section } from "./document.ts";
import type { ReportRun } from "./report-run.ts";
import { runSections } from "./run-report.ts";

/** Width of one of two figures side by side. */
const HALF_WIDTH_MM = 87;
/** Width of a figure that leaves room for others on its page. */
const LARGE_WIDTH_MM = 130;

/** @param runs at least one, each once */
export async function writeReport(
  runs: readonly ReportRun[],
  madeBy: string,
  comparison: ComparisonService,
): Promise<ReportDocument> {
  const [first] = runs;
  const datasets = [...new Set(runs.map(({ dataset }) => dataset.name))].join(", ");
  const head = {
    notice: RESEARCH_USE_ONLY,
    date: runs.map(({ run }) => run.finishedAt ?? run.createdAt).reduce((a, b) => (a > b ? a : b)),
    madeBy,
  };
  if (runs.length === 1) {
    return numbered({
      ...head,
      title: `Classification of heartbeats: ${first.name}`,
      subtitle: `${datasets}, ${protocolName(first.preparation.settings.protocol)}, ${first.preparation.summary.labels.length} classes`,
      sections: await ofOne(first),
    });
  }
  return numbered({
    ...head,
    title: `Classification of heartbeats: ${runs.length} runs compared`,
    subtitle: `${runs.map(({ name }) => name).join("; ")}. ${datasets}`,
    sections: await ofSeveral(runs, comparison),
  });
}

async function ofOne(run: ReportRun): Promise<Section[]> {
  const figures = figureSet([figured(run)]);
  const [confusion] = figures.confusion;
  return runSections(run, {
    learning: figures.learning === null ? null : await drawn(figures.learning),
    scores: await drawn(figures.scores[0]),
    confusion: await drawn(confusion, Math.min(confusion.width, LARGE_WIDTH_MM)),
    thresholds: await inOrder(figures.thresholds, (figure) => drawn(figure, HALF_WIDTH_MM)),
  });
}

async function ofSeveral(runs: readonly ReportRun[], comparison: ComparisonService): Promise<Section[]> {
  const figures = figureSet(runs.map(figured));
  const [first, ...others] = runs;
  const paired = others
    .filter(({ testKey }) => testKey === first.testKey)
    .map(({ run }) => ({ run: run.id, ...comparison.paired(first.run.id, run.id) }));
  const ids = runs.map(({ run }) => run.id);
  const metrics = comparison.compare(ids);
  const pooledPatients = metrics.pooled === null ? null : await comparison.pooledByPatient(ids);
  const compared = { runs, comparison: metrics, paired, pooledPatients };
  return comparisonSections(compared, {
    learning: figures.learning === null ? null : await drawn(figures.learning),
    scores: await inOrder(figures.scores, (figure) => drawn(figure)),
    confusion: await inOrder(figures.confusion, (figure) => drawn(figure, HALF_WIDTH_MM)),
    differences: await inOrder(figures.differences, (figure) => drawn(figure, HALF_WIDTH_MM)),
    overlays: await inOrder(figures.overlays, (figure) => drawn(figure)),
  });
}

function figured(run: ReportRun): Parameters<typeof figureSet>[0][number] {
  const { name, result, curves, testKey } = run;
  return { id: run.run.id, name, result, curves, testKey };
}

/** Draws a figure without a title: the caption holds it. */
function drawn(figure: Figure, width?: number): Promise<PrintedFigure> {
  return printFigure(figure, figure.name, { width, titled: false });
}

async function inOrder<From, To>(all: readonly From[], make: (each: From) => Promise<To>): Promise<To[]> {
  const made: To[] = [];
  for (const each of all) made.push(await make(each));
  return made;
}
