/** Name of a run in titles, legends and reports. */
import { runTitle } from "../../../contract/domain/names.ts";
import type { RunDetails } from "../../../contract/domain/runs.ts";
import { networkTitle } from "../../../contract/settings/network-presets.ts";
import { shortened } from "../../../contract/text/shorten.ts";

/** Characters of a run's name in titles and legends. */
const MAX_NAME_LENGTH = 40;

/** `Run 3, ANN`, or `Run 3: Final, ANN` */
export function runName({ run, remarks }: RunDetails): string {
  const title = runTitle({ id: run.id, name: shortened(remarks.name, MAX_NAME_LENGTH) });
  return `${title}, ${networkTitle(run.settings)}`;
}
