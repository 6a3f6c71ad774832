/** Converts a stored run to MLflow's format. Pure: the same run gives the same content. */
import { createHash } from "node:crypto";
import type { RunAreas } from "../../../../contract/domain/comparison.ts";
import type { ModelCard } from "../../../../contract/domain/exports.ts";
import type { RunDetails, RunRemarks } from "../../../../contract/domain/runs.ts";
import {
  stepsOf,
  type StepCurves,
  type TrainingResult,
  type TrainingSettings,
} from "../../../../contract/domain/training.ts";
import { runFiles, type ModelSource } from "./files.ts";
import { runPoints } from "./metrics.ts";
import { flavors, mlflowTime, MODEL_FOLDER, tensorSchema } from "./model-package.ts";
import { IDENTITY_TAG, type MlflowDataset, type MlflowRun } from "./mlflow-run.ts";
import { membersText } from "../../../../contract/text/ensemble-text.ts";
import { shortened } from "../../../../contract/text/shorten.ts";
import { runParams } from "./params.ts";
import { timeline } from "./timeline.ts";

/** All that is stored of a run that has been trained and tested. */
export interface RunSource {
  details: RunDetails;
  result: TrainingResult;
  remarks: RunRemarks;
  /** Every step. */
  steps: StepCurves;
  /** Areas under the curves on the test set. */
  areas: RunAreas;
  card: ModelCard;
  model: ModelSource;
}

/** Of tags; servers before 2.9 take so much and no more. */
const LONGEST_TAG = 5000;
/** `MAX_DATASET_DIGEST_SIZE` is 36. */
const DIGEST_LENGTH = 32;

export function mlflowRun({ details, result, remarks, steps, areas, card, model }: RunSource): MlflowRun {
  const { run, preparation } = details;
  const start = Date.parse(run.startedAt ?? run.createdAt);
  const end = Math.max(start, Date.parse(run.finishedAt ?? run.createdAt));
  const stepsPerEpoch = Math.max(1, stepsOf(preparation.summary.totals.train, run.settings));
  const times = timeline(start, end, result.epochs, stepsPerEpoch);
  const what = `${card.network}, ${originText(run.settings)}`;
  const name = `Ectopy run ${run.id}: ${remarks.name === "" ? what : `${remarks.name} (${what})`}`;
  const tags = {
    "mlflow.runName": name,
    "mlflow.note.content": note(card, remarks),
    "mlflow.source.name": "Ectopy",
    "mlflow.source.type": "LOCAL",
    [IDENTITY_TAG]: card.run.identity,
    "ectopy.run_number": String(run.id),
    "ectopy.tags": remarks.tags.join(", "),
    "ectopy.notes": remarks.notes,
    "ectopy.status": run.status,
    "ectopy.stopped_early": String(result.stoppedEarly),
    "ectopy.device": result.device.description,
    "ectopy.backend": result.device.backend,
    "ectopy.version": card.versions.ectopy,
    "ectopy.tensorflow": card.versions.tensorflow,
    "ectopy.dataset_fingerprint": card.data.datasetFingerprint,
  };
  return {
    identity: card.run.identity,
    name,
    startTime: start,
    endTime: end,
    status: run.status === "cancelled" ? "KILLED" : "FINISHED",
    params: runParams(details, result),
    tags: Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, shortened(value, LONGEST_TAG)])),
    points: runPoints({ result, steps, areas, times, end }),
    dataset: dataset(details, card),
    files: runFiles({ details, result, steps, areas, card, model, end }),
  };
}

function originText({ importedFrom, members, seed }: TrainingSettings): string {
  if (members !== undefined) return membersText(members);
  return importedFrom === undefined ? `seed ${seed}` : "trained elsewhere";
}

/** Tells this state of a run from any other. */
export function stampOf(run: MlflowRun): string {
  const files = run.files.map(({ path, source }) => [path, source]);
  return createHash("sha256")
    .update(JSON.stringify({ ...run, files }))
    .digest("hex");
}

/** By it MLflow's pages know that a run has a model. @param run the number MLflow gave it */
export function modelHistoryTag(run: string, { endTime }: MlflowRun): [string, string] {
  const created = mlflowTime(endTime);
  return [
    "mlflow.log-model.history",
    JSON.stringify([{ run_id: run, artifact_path: MODEL_FOLDER, utc_time_created: created, flavors }]),
  ];
}

/** Markdown, shown first on MLflow's page of the run. */
function note(card: ModelCard, { notes }: RunRemarks): string {
  const caveats = card.caveats.map((caveat) => `- ${caveat}`).join("\n");
  return [
    notes.trim(),
    `**Protocol: ${card.protocol}.** ${caveats === "" ? "" : "What the figures can and can't show:"}`.trim(),
    caveats,
    card.notice,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function dataset({ dataset, preparation }: RunDetails, card: ModelCard): MlflowDataset {
  const { summary } = preparation;
  return {
    name: shortened(dataset.name, 500),
    digest: dataset.fingerprint.slice(0, DIGEST_LENGTH),
    // Where it was imported from is a path of this machine, and nobody else's business.
    sourceType: "code",
    source: JSON.stringify({
      tags: { "mlflow.source.name": "Ectopy", "ectopy.dataset_fingerprint": dataset.fingerprint },
    }),
    schema: JSON.stringify({
      mlflow_tensorspec: { features: tensorSchema(card.input), targets: null },
    }),
    profile: JSON.stringify({ beats: summary.beats, ...summary.totals, classes: summary.labels.length }),
    tags: { "mlflow.data.context": "training", "ectopy.preparation_fingerprint": preparation.fingerprint },
  };
}
