/** The runs of an ensemble, as text. */
import type { EnsembleMembers } from "../../../contract/domain/ensembles.ts";
import type { Evaluation } from "../../../contract/domain/evaluation.ts";
import { formatMetric, formatMetricSpread } from "../../../contract/text/format-metric.ts";
import { ensembleNote, memberStates } from "../../../contract/text/ensemble-text.ts";
import { formatTable } from "../format.ts";

/** @param test evaluation of the ensemble */
export function describeEnsemble({ members, singles }: EnsembleMembers, test: Evaluation): string {
  return [
    "Members",
    formatTable(
      ["Run>", "Name", "Network", "Seed>", "Accuracy>", "Macro F1>", "Weighted F1>", ""],
      [
        ...members.map(({ run, name, network, seed, state, test: of }) => [
          ...[String(run), name, network, String(seed)],
          ...[of?.accuracy, of?.macroF1, of?.weightedF1].map(formatMetric),
          memberStates[state],
        ]),
        [
          ...["", "", "Mean ± SD", ""],
          ...[singles.accuracy, singles.macroF1, singles.weightedF1].map(formatMetricSpread),
          "",
        ],
        ["", "", "Ensemble", "", ...[test.accuracy, test.macroF1, test.weightedF1].map(formatMetric), ""],
      ],
    ),
    ensembleNote(members.length),
  ].join("\n");
}
