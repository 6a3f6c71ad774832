/** The stored model of a run: its networks with their weights, refused where its files have changed. */
import { EctopyError } from "../../../contract/domain/errors.ts";
import { networkShapeOf, type Preparation } from "../../../contract/domain/preparation.ts";
import type { RunRecord } from "../../../contract/domain/training.ts";
import { networksOf } from "../../../contract/settings/network-presets.ts";
import { MODEL_FILES } from "../../../engine/exchange/model-files.ts";
import { modelFingerprint, readTrainedModels, type TrainedModel } from "../../../engine/exchange/trained-model.ts";
import type { Workspace } from "../../store/workspace.ts";

/** Returns a run's network, or those of an ensemble's members. @throws EctopyError `damaged-file` */
export function storedModels(
  workspace: Workspace,
  { run, preparation }: { run: RunRecord; preparation: Preparation },
): [TrainedModel, ...TrainedModel[]] {
  refuseDamaged(workspace, run.id);
  return readTrainedModels(workspace.path("runs", run.id), networksOf(run.settings), networkShapeOf(preparation));
}

/** Returns the SHA-256 over the weights of a run's model, in hexadecimal. @throws EctopyError `damaged-file` */
export function storedFingerprint(workspace: Workspace, run: number): string {
  refuseDamaged(workspace, run);
  return modelFingerprint(workspace.path("runs", run));
}

/** @throws EctopyError `damaged-file` where the model differs from the stored one */
function refuseDamaged(workspace: Workspace, run: number): void {
  const damage = workspace.damage("runs", run, "content", MODEL_FILES);
  if (damage.length === 0) return;
  throw new EctopyError(
    "damaged-file",
    `The model of run ${run} has changed since it was stored: ${damage.map(({ name }) => name).join(", ")}.`,
    "Train it again with the same settings; its metrics are not affected.",
    { subject: { kind: "runs", id: run } },
  );
}
