/** Summaries over the recordings of an inspection: leads by name, units, rates, annotators, folders. */
import type {
  AnnotatorSummary,
  Inspection,
  InspectedRecord,
  LeadSummary,
} from "../../../contract/domain/inspection.ts";

type Summaries = Pick<Inspection, "formats" | "rates" | "leads" | "annotators" | "places" | "seconds">;

/** @param records all recordings; leads, rates and annotators are those of the readable ones */
export function summariseInspection(records: readonly InspectedRecord[]): Summaries {
  const readable = records.filter(({ usable }) => usable);
  return {
    formats: counted(records.map(({ details }) => details?.format ?? "WFDB")),
    rates: counted(
      readable.flatMap(({ rate }) => (rate > 0 ? [rate] : [])).map((rate) => String(Number(rate.toPrecision(8)))),
    ),
    leads: leadSummaries(readable),
    annotators: annotatorSummaries(readable),
    places: Object.entries(counted(records.map(({ place }) => place)))
      .map(([place, count]) => ({ place, records: count }))
      .sort((a, b) => (a.place < b.place ? -1 : 1)),
    seconds: readable.reduce((sum, { length, rate }) => sum + (rate > 0 ? length / rate : 0), 0),
  };
}

/** Returns the leads, the most frequent first; of equal ones, the one further in front. */
function leadSummaries(records: readonly InspectedRecord[]): LeadSummary[] {
  const summaries = new Map<string, LeadSummary>();
  for (const { leads, details } of records) {
    for (const [i, lead] of leads.entries()) {
      const summary = summaries.get(lead) ?? { lead, records: 0, positions: {}, units: {}, missingIn: [] };
      summaries.set(lead, summary);
      count(summary.positions, String(i + 1));
      count(summary.units, details?.units?.[i] ?? "mV");
    }
  }
  for (const summary of summaries.values()) {
    summary.missingIn = records.filter(({ leads }) => !leads.includes(summary.lead)).map(({ name }) => name);
    summary.records = records.length - summary.missingIn.length;
  }
  const place = ({ positions }: LeadSummary): number => Math.min(...Object.keys(positions).map(Number));
  return [...summaries.values()].sort((a, b) => b.records - a.records || place(a) - place(b));
}

/** Returns the annotators, the most frequent first. */
function annotatorSummaries(records: readonly InspectedRecord[]): AnnotatorSummary[] {
  const summaries = new Map<string, AnnotatorSummary>();
  for (const { annotators } of records) {
    for (const { annotator, symbols } of annotators) {
      const summary = summaries.get(annotator) ?? { annotator, records: 0, symbols: {} };
      summaries.set(annotator, summary);
      summary.records++;
      for (const [symbol, annotations] of Object.entries(symbols)) count(summary.symbols, symbol, annotations);
    }
  }
  return [...summaries.values()].sort((a, b) => b.records - a.records || (a.annotator < b.annotator ? -1 : 1));
}

function counted(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) count(counts, value);
  return counts;
}

function count(counts: Record<string, number>, key: string, by = 1): void {
  counts[key] = (Object.hasOwn(counts, key) ? counts[key] : 0) + by;
}
