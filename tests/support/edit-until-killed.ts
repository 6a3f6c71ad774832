/**
 * Edits a review without end, and prints the number of each stored entry: `node edit-until-killed.ts WORKSPACE SEED`. The test kills
 * it at any moment.
 */
import { writeSync } from "node:fs";
import { isHeartbeat } from "../../src/contract/domain/class-maps.ts";
import { unpackLabels } from "../../src/contract/domain/labels.ts";
import {
  editKinds,
  familyActions,
  type Edit,
  type EditAnswer,
  type EditKind,
  type ReviewProgress,
} from "../../src/contract/domain/reviews.ts";
import { randomStream } from "../../src/pipeline/random.ts";
import { openServices } from "../../src/main/services/compose.ts";

const [folder = "", seed = "1"] = process.argv.slice(2);
const { reviews, workspace } = openServices(folder, { mode: "write", warn: () => {} });
const random = randomStream(Number(seed), "edits");
const record = workspace.datasets.records(1)[0].name;
const { set } = reviews.begin({ dataset: 1, record, from: "atr" });
const place = { dataset: 1, record, set };
const reviewer = "A. Reviewer";

/** Beats of an edit of many, such as a family's. */
const MANY = 60;

for (;;) {
  const { labels, progress } = reviews.open(place);
  const beats = unpackLabels(labels)
    .filter(({ symbol }) => isHeartbeat(symbol))
    .map(({ sample }) => sample);
  const answer = draw(beats, progress);
  // Synchronous: what was printed was stored before.
  if (answer.entry !== null) writeSync(1, `${answer.entry.id}\n`);
}

/** Undoes, redoes, or makes an edit of a random kind, each equally often. @param beats samples of the beats in order */
function draw(beats: readonly number[], { canUndo, canRedo }: Pick<ReviewProgress, "canUndo" | "canRedo">): EditAnswer {
  const kinds = [...editKinds, "undo", "redo"] as const;
  const kind = kinds[random.below(kinds.length)];
  if (kind === "undo" || kind === "redo") {
    const isPossible = kind === "undo" ? canUndo : canRedo;
    return isPossible ? reviews.walk(place, kind, reviewer) : draw(beats, { canUndo, canRedo });
  }
  return reviews.edit(place, randomEdit(kind, beats), reviewer);
}

function randomEdit(kind: EditKind, beats: readonly number[]): Edit {
  const i = random.below(beats.length - MANY);
  const [beat, next] = beats.slice(i, i + 2);
  const many = beats.slice(i, i + 1 + random.below(MANY));
  const symbol = "VSFQN"[random.below(5)];
  const between = beat + Math.max(1, Math.floor((next - beat) / 2));
  const stretch = { from: beat, to: beats[i + MANY - 1] };
  switch (kind) {
    case "add":
      return next - beat > 1 ? { kind, sample: between, symbol } : { kind: "confirm", beats: [beat] };
    case "delete":
      return { kind, beats: [beat] };
    case "move":
      return next - beat > 1 ? { kind, beat, to: between } : { kind: "confirm", beats: [beat] };
    case "confirm":
      return { kind, beats: many };
    case "noise":
      return { kind, ...stretch, clean: random.below(2) === 0 };
    case "rhythm":
      return { kind, ...stretch, code: ["AFIB", "VT", "PAUSE", ""][random.below(4)] };
    case "family":
      return {
        kind,
        action: familyActions[random.below(familyActions.length)],
        beats: many,
        to: beats[random.below(beats.length)],
      };
    case "relabel":
      return { kind, beats: many, symbol };
  }
}
