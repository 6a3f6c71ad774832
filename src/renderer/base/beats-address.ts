/**
 * Addresses of the test beats behind a metric, so that any screen can link to them:
 *
 *     /runs/<run>/beats                           all test beats of a run
 *         ?truth=<class>&predicted=<class>        … the beats of a cell of its confusion matrix
 *         &record=<recording>&errors=only         … of one recording, the wrongly classified ones alone
 *         &order=least-confident&beat=40          … in this order, with the 41st selected
 *         &why=1                                  … and its explanation open
 */
import type { LocationQuery } from "vue-router";
import { beatOrders, type BeatOrder } from "../../contract/domain/comparison.ts";

export interface BeatChoice {
  /** Class labels; null: any class. */
  truth: string | null;
  predicted: string | null;
  /** Recording; null: all. */
  record: string | null;
  /** Whether only wrongly classified beats are listed. */
  errors: boolean;
  order: BeatOrder;
  /** Index of the selected beat in that order, from 0. */
  beat: number;
  /** Whether the explanation of the selected beat is open. */
  why: boolean;
}

/** The most confident predictions come first: among errors, these most need an explanation. */
const DEFAULT_ORDER: BeatOrder = "most-confident";

export function routeToBeats(run: number, choice: Partial<BeatChoice>): string {
  const { truth, predicted, record, errors, order, beat, why } = choice;
  const query = new URLSearchParams({
    ...(truth ? { truth } : {}),
    ...(predicted ? { predicted } : {}),
    ...(record ? { record } : {}),
    ...(errors ? { errors: "only" } : {}),
    ...(order && order !== DEFAULT_ORDER ? { order } : {}),
    ...(beat ? { beat: String(beat) } : {}),
    ...(why ? { why: "1" } : {}),
  });
  return `/runs/${run}/beats${query.size > 0 ? `?${query.toString()}` : ""}`;
}

/** @param labels the run's classes; any other label means any class */
export function beatsFromAddress(query: LocationQuery, labels: readonly string[]): BeatChoice {
  const label = (value: LocationQuery[string]): string | null => labels.find((each) => each === value) ?? null;
  const { beat } = query;
  return {
    truth: label(query["truth"]),
    predicted: label(query["predicted"]),
    record: typeof query["record"] === "string" && query["record"] !== "" ? query["record"] : null,
    errors: query["errors"] === "only",
    order: beatOrders.find((each) => each === query["order"]) ?? DEFAULT_ORDER,
    beat: typeof beat === "string" && /^\d{1,9}$/.test(beat) ? Number(beat) : 0,
    why: query["why"] === "1",
  };
}
