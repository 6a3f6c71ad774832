/** Looks at a test set, as text. */
import type { TestLook } from "../../../contract/domain/test-looks.ts";
import { settingHeading, settingValue } from "../../../contract/settings/setting-table.ts";
import { formatMetric } from "../../../contract/text/format-metric.ts";
import { shortened } from "../../../contract/text/shorten.ts";
import { formatTable } from "../format.ts";

/** Longest list of changed settings, in characters. */
const MAX_CHANGES_LENGTH = 100;

export function describeLooks(looks: readonly TestLook[]): string {
  return [
    "Evaluations of this test set, oldest first (changed settings: against the evaluation before)",
    formatTable(
      ["Number>", "Date", "Run>", "Network", "Preparation>", "Accuracy>", "Macro F1>", "Changed settings"],
      looks.map(({ at, run, isDeleted, network, preparation, accuracy, macroF1, changes }, i) => [
        String(i + 1),
        at,
        `${run}${isDeleted ? " (deleted)" : ""}`,
        network,
        String(preparation),
        formatMetric(accuracy),
        formatMetric(macroF1),
        shortened(
          changes.map(({ name, value }) => `${settingHeading(name)}: ${settingValue(name, value)}`).join("; "),
          MAX_CHANGES_LENGTH,
        ),
      ]),
    ),
  ].join("\n");
}
