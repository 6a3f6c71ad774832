/**
 * Edits a review without end, and prints the number of each stored entry: `node edit-until-killed.ts WORKSPACE SEED`. The test kills
 * it at any moment.
 */
import { writeSync } from "node:fs";
import { isHeartbeat } from "../../src/contract/domain/class-maps.ts";
import { unpackLabels } from "../../src/contract/domain/labels.ts";
import { randomStream } from "../../src/pipeline/random.ts";
import { openServices } from "../../src/main/services/compose.ts";

const [folder = "", seed = "1"] = process.argv.slice(2);
const { reviews, workspace } = openServices(folder, { mode: "write", warn: () => {} });
const random = randomStream(Number(seed), "edits");
const record = workspace.datasets.records(1)[0].name;
const { set } = reviews.begin({ dataset: 1, record, from: "atr" });
const place = { dataset: 1, record, set };
const reviewer = "A. Reviewer";

for (;;) {
  const { labels, progress } = reviews.open(place);
  const beats = unpackLabels(labels).filter(({ symbol }) => isHeartbeat(symbol));
  const { sample } = beats[random.below(beats.length)];
  const draw = random.below(5);
  const answer =
    draw === 0 && progress.canUndo
      ? reviews.walk(place, "undo", reviewer)
      : draw === 1 && progress.canRedo
        ? reviews.walk(place, "redo", reviewer)
        : reviews.edit(place, { kind: "relabel", beats: [sample], symbol: "VSFQN"[random.below(5)] }, reviewer);
  // Synchronous: what was printed was stored before.
  if (answer.entry !== null) writeSync(1, `${answer.entry.id}\n`);
}
