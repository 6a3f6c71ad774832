/**
 * Metrics of EC57 from counts: one recording, sums (gross) and means of several, as WFDB's `sumstats`. Pure.
 *
 * Source: ANSI/AAMI EC57:2012, 4.3.2 and 3.5 (aggregate statistics); WFDB Applications Guide, bxb(1) and sumstats(1).
 */
import {
  beatLabels,
  NO_PARTNER,
  runLengths,
  UNREADABLE,
  type BeatMatrix,
  type Ec57Counts,
  type Ec57Metrics,
  type Ec57Record,
  type Ec57Summary,
  type LabelAgreement,
  type RunLength,
  type RunMetrics,
  type RunTable,
} from "../../../contract/domain/ec57.ts";
import { addTo, emptyMatrix } from "../confusion.ts";

const [N, S, V, F, Q] = [0, 1, 2, 3, 4];
const LABELS = [N, S, V, F, Q];
const MISSING = [NO_PARTNER, UNREADABLE];

/** Returns the metrics of a recording's matrix. */
export function metricsOf(matrix: BeatMatrix): Ec57Metrics {
  return rounded(sharesOf(matrix, [N, V, F, ...MISSING]));
}

/**
 * Shares in % of a matrix that is summed or averaged. As in `sumstats`, a fusion beat labelled S is no false positive
 * here: the lines that it reads count such beats together with unclassifiable ones.
 */
function aggregatedShares(matrix: BeatMatrix): Ec57Metrics {
  return sharesOf(matrix, [N, V, ...MISSING]);
}

/**
 * Returns shares in %. A fusion or unclassifiable beat labelled V is no false positive, nor is an unclassifiable beat
 * labelled S: EC57 does not ask a program to tell them apart. A beat in a shutdown is missed; one that the test
 * annotator alone has is false, also where the reference is unreadable.
 * @param falseSveb rows whose beats labelled S are false positives
 */
function sharesOf(matrix: BeatMatrix, falseSveb: number[]): Ec57Metrics {
  const sum = (rows: number[], columns: number[]): number =>
    rows.reduce((total, row) => total + columns.reduce((inRow, column) => inRow + matrix[row][column], 0), 0);
  const every = [...LABELS, ...MISSING];
  const matched = sum(LABELS, LABELS);
  const vebFalse = sum([N, S, ...MISSING], [V]);
  return {
    qrsSensitivity: share(matched, sum(LABELS, every)),
    qrsPpv: share(matched, sum(every, LABELS)),
    vebSensitivity: share(matrix[V][V], sum([V], every)),
    vebPpv: share(matrix[V][V], matrix[V][V] + vebFalse),
    vebFalsePositiveRate: share(vebFalse, vebFalse + sum([N, S, F, Q, ...MISSING], [N, S, F, Q])),
    svebSensitivity: share(matrix[S][S], sum([S], every)),
    svebPpv: share(matrix[S][S], sum([S, ...falseSveb], [S])),
  };
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : (100 * part) / whole;
}

function roundedTo(value: number | null, decimals: number): number | null {
  return value === null ? null : Number(value.toFixed(decimals));
}

function rounded(shares: Ec57Metrics): Ec57Metrics {
  return mapMetrics((key) => roundedTo(shares[key], key === "vebFalsePositiveRate" ? 3 : 2));
}

function mapMetrics(valueOf: (key: keyof Ec57Metrics) => number | null): Ec57Metrics {
  return {
    qrsSensitivity: valueOf("qrsSensitivity"),
    qrsPpv: valueOf("qrsPpv"),
    vebSensitivity: valueOf("vebSensitivity"),
    vebPpv: valueOf("vebPpv"),
    vebFalsePositiveRate: valueOf("vebFalsePositiveRate"),
    svebSensitivity: valueOf("svebSensitivity"),
    svebPpv: valueOf("svebPpv"),
  };
}

/** Returns the metrics of runs, in %. */
export function runMetricsOf(table: RunTable): RunMetrics {
  return roundedRuns(runSharesOf(table));
}

function runSharesOf(table: RunTable): RunMetrics {
  return mapRuns((length) => {
    const { detected, missed, confirmed, unconfirmed } = table[length];
    return { sensitivity: share(detected, detected + missed), ppv: share(confirmed, confirmed + unconfirmed) };
  });
}

function roundedRuns(shares: RunMetrics): RunMetrics {
  return mapRuns((length) => ({
    sensitivity: roundedTo(shares[length].sensitivity, 0),
    ppv: roundedTo(shares[length].ppv, 0),
  }));
}

function mapRuns<Value>(valueOf: (length: RunLength) => Value): Record<RunLength, Value> {
  return { couplets: valueOf("couplets"), shortRuns: valueOf("shortRuns"), longRuns: valueOf("longRuns") };
}

/**
 * Returns the agreement of two annotators on the labels of their common beats.
 *
 * Source: J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20 (1960).
 */
export function labelAgreementOf(matrix: BeatMatrix): LabelAgreement {
  const rows = LABELS.map((row) => LABELS.reduce((sum, column) => sum + matrix[row][column], 0));
  const columns = LABELS.map((column) => LABELS.reduce((sum, row) => sum + matrix[row][column], 0));
  const beats = rows.reduce((sum, count) => sum + count, 0);
  const equal = LABELS.reduce((sum, label) => sum + matrix[label][label], 0);
  const byChance = LABELS.reduce((sum, label) => sum + rows[label] * columns[label], 0);
  // Integers until the last division: of equal annotators it is exactly 1.
  const kappa = byChance === beats * beats ? null : (equal * beats - byChance) / (beats * beats - byChance);
  return { beats, equal, kappa };
}

/** Returns the metrics of several recordings, summed and averaged. */
export function summarise(records: Ec57Record[]): Ec57Summary {
  const counts: Ec57Counts = {
    matrix: emptyMatrix(UNREADABLE + 1),
    ventricularRuns: emptyRunTable(),
    supraventricularRuns: emptyRunTable(),
  };
  for (const { counts: one } of records) {
    addTo(counts.matrix, one.matrix);
    addRuns(counts.ventricularRuns, one.ventricularRuns);
    addRuns(counts.supraventricularRuns, one.supraventricularRuns);
  }
  const shares = records.map(({ counts: { matrix } }) => aggregatedShares(matrix));
  const meanRuns = (kind: "ventricularRuns" | "supraventricularRuns"): RunMetrics => {
    const runs = records.map(({ counts: one }) => runSharesOf(one[kind]));
    return roundedRuns(
      mapRuns((length) => ({
        sensitivity: mean(runs.map((one) => one[length].sensitivity)),
        ppv: mean(runs.map((one) => one[length].ppv)),
      })),
    );
  };
  return {
    records,
    gross: {
      ...rounded(aggregatedShares(counts.matrix)),
      counts,
      ventricularRunMetrics: runMetricsOf(counts.ventricularRuns),
      supraventricularRunMetrics: runMetricsOf(counts.supraventricularRuns),
      agreement: labelAgreementOf(counts.matrix),
    },
    average: {
      ...rounded(mapMetrics((key) => mean(shares.map((one) => one[key])))),
      rrErrorMs: roundedTo(mean(records.map(({ rrErrorMs }) => rrErrorMs)), 2),
      ventricularRunMetrics: meanRuns("ventricularRuns"),
      supraventricularRunMetrics: meanRuns("supraventricularRuns"),
    },
  };
}

function mean(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

function emptyRunTable(): RunTable {
  return mapRuns(() => ({ detected: 0, missed: 0, confirmed: 0, unconfirmed: 0 }));
}

function addRuns(sum: RunTable, table: RunTable): void {
  for (const length of runLengths) {
    const [to, from] = [sum[length], table[length]];
    to.detected += from.detected;
    to.missed += from.missed;
    to.confirmed += from.confirmed;
    to.unconfirmed += from.unconfirmed;
  }
}

/** Returns a matrix with supraventricular beats counted as N, as `bxb -l` and `bxb -s` count them. */
export function withoutSupraventricular(matrix: BeatMatrix): BeatMatrix {
  const merged = matrix.map((row) =>
    row.map((count, column) => (column === S ? 0 : count + (column === N ? row[S] : 0))),
  );
  merged[N] = merged[N].map((count, column) => count + merged[S][column]);
  merged[S] = merged[S].map(() => 0);
  return merged;
}

/** Beats of the reference: all, ventricular ectopic, supraventricular ectopic. */
export function referenceTotals(matrix: BeatMatrix): { qrs: number; veb: number; sveb: number } {
  const rows = beatLabels.map((_, row) => matrix[row].reduce((sum, count) => sum + count, 0));
  return { qrs: rows.reduce((sum, count) => sum + count, 0), veb: rows[V], sveb: rows[S] };
}
