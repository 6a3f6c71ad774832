/** Runs that classify recordings: what they need of a recording, and what their test results show. */
import type { ClassifyingRun } from "../../../contract/domain/classification.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { preparedFrom } from "../../../contract/domain/leads.ts";
import type { InputId, NetworkSpec } from "../../../contract/domain/networks.ts";
import {
  networkShapeOf,
  type PreparationInputs,
  type PreparationSettings,
  type Protocol,
} from "../../../contract/domain/preparation.ts";
import { networksOf, networkTitle } from "../../../contract/settings/network-presets.ts";
import { inputsUsedBy } from "../../../engine/networks/wiring.ts";
import type { ClassifyingModel } from "../../../engine/processes/classification-messages.ts";
import type { Workspace } from "../../store/workspace.ts";
import { finishedRun, type FinishedRun, type ResultService } from "../runs/results.ts";

/** A run that classifies. */
export interface RunModel {
  details: FinishedRun;
  /** Its network, or those of an ensemble's members, whose probabilities are averaged. */
  networks: readonly NetworkSpec[];
  labels: string[];
  temperature: number;
  /** How the beats are read: the settings of its preparation, with leads and rate. */
  reading: Reading;
}

/** How a recording becomes the input of a network. */
export interface Reading {
  settings: PreparationSettings;
  scaling: PreparationInputs["featureScaling"] | undefined;
  sequence: PreparationInputs["sequence"] | undefined;
  inputs: readonly InputId[];
}

/** @throws EctopyError `not-found`, `nothing-usable` where a run has no result */
export function runModel(workspace: Workspace, results: ResultService, id: number): RunModel {
  const details = finishedRun(results.run(id), "Choose a run that has been trained and tested.");
  const { preparation, run, dataset } = details;
  const { settings, summary } = preparation;
  const networks = networksOf(run.settings);
  const { rate, leads } = preparedFrom(preparation, workspace.datasets.records(dataset.id));
  // Preparations of earlier versions have neither names of leads nor a rate.
  const named = settings.leads?.length === 0 ? { leads } : {};
  return {
    details,
    networks,
    labels: summary.labels,
    temperature: details.result.temperature ?? 1,
    reading: {
      settings: { ...settings, ...named, ...(rate > 0 && settings.rowSamples === undefined ? { rate } : {}) },
      scaling: summary.inputs?.featureScaling,
      sequence: summary.inputs?.sequence,
      // The networks of an ensemble have the same inputs.
      inputs: inputsUsedBy(networks[0]),
    },
  };
}

/** Returns the networks of a run as the classifying process loads them. */
export function modelsToLoad(workspace: Workspace, { details, networks }: RunModel): ClassifyingModel[] {
  const { run, preparation } = details;
  return networks.map((_, member) => ({
    folder: workspace.path("runs", run.id),
    networks: [...networks],
    member,
    shape: networkShapeOf(preparation),
    reference: workspace.classifications.reference(run.id, member),
    preparation: {
      folder: workspace.path("preparations", preparation.id),
      fingerprint: preparation.fingerprint,
    },
  }));
}

/** Returns why a run can't classify recordings, one sentence; null: it can. */
export function problemOf({ details, reading }: RunModel): string | null {
  if (reading.settings.rowSamples === undefined) return null;
  return (
    `Run ${details.run.id} was trained on tables of beats, whose R-peaks lie at unknown samples: ` +
    "it can't classify recordings."
  );
}

/** @throws EctopyError `invalid-settings` with the reason of {@link problemOf} */
export function refuseUnfit(model: RunModel): void {
  const problem = problemOf(model);
  if (problem !== null) throw new EctopyError("invalid-settings", problem, "Choose another run.");
}

/** Protocols whose test patients are not in training. */
const APART: readonly Protocol[] = ["inter-patient", "cross-validation", "custom-split"];

/** Returns what a user should know of a run before it classifies other patients' recordings. */
export function describeRun({ details, labels }: RunModel): ClassifyingRun {
  const { run, preparation, remarks, result } = details;
  const { protocol } = preparation.settings;
  const { accuracy, macroF1, perClass } = result.test;
  return {
    id: run.id,
    title: remarks.name === "" ? networkTitle(run.settings) : remarks.name,
    protocol,
    labels,
    test: { accuracy, macroF1 },
    perClass: perClass.map(({ label, sensitivity, ppv, support }) => ({ label, sensitivity, ppv, support })),
    warning: warningOf(protocol),
    calibrated: result.temperature !== undefined && result.temperature !== null,
  };
}

function warningOf(protocol: Protocol): string | null {
  if (APART.includes(protocol)) return null;
  if (protocol === "patient-specific") {
    return "It was fine-tuned for the patient of one recording: its test metrics say nothing about another patient.";
  }
  return protocol === "reference"
    ? "Its test beats are blends of its training beats (reference study): its test metrics say nothing about another patient."
    : "Its test beats are of the patients it was trained on: its test metrics don't hold for another patient.";
}
