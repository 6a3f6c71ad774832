/**
 * Addresses of the test beats behind a figure, here alone, so that any screen can lead to them:
 *
 *     /runs/<run>/beats                           all test beats of a run
 *         ?truth=<class>&predicted=<class>        … those behind a cell of its confusion matrix
 *         &order=least-confident&beat=40          … in this order, with the 41st chosen
 */
import type { LocationQuery } from "vue-router";
import { beatOrders, type BeatOrder } from "../../contract/domain/comparison.ts";

export interface BeatChoice {
  /** Class labels; null: any. */
  truth: string | null;
  predicted: string | null;
  order: BeatOrder;
  /** Its place in that order, from 0. */
  beat: number;
}

/** What is surest comes first: among mistakes, those that most need an explanation. */
const FIRST_ORDER: BeatOrder = "most-confident";

export function routeToBeats(run: number, choice: Partial<BeatChoice>): string {
  const { truth, predicted, order, beat } = choice;
  const query = new URLSearchParams({
    ...(truth ? { truth } : {}),
    ...(predicted ? { predicted } : {}),
    ...(order && order !== FIRST_ORDER ? { order } : {}),
    ...(beat ? { beat: String(beat) } : {}),
  });
  return `/runs/${run}/beats${query.size > 0 ? `?${query.toString()}` : ""}`;
}

/** @param labels the run's classes: what is none of them is any */
export function beatsFromAddress(query: LocationQuery, labels: readonly string[]): BeatChoice {
  const label = (given: LocationQuery[string]): string | null => labels.find((each) => each === given) ?? null;
  const { beat } = query;
  return {
    truth: label(query["truth"]),
    predicted: label(query["predicted"]),
    order: beatOrders.find((each) => each === query["order"]) ?? FIRST_ORDER,
    beat: typeof beat === "string" && /^\d{1,9}$/.test(beat) ? Number(beat) : 0,
  };
}
