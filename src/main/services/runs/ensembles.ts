/** Makes ensembles: runs of one preparation whose networks become one model, which is stored as a run. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EnsembleMembers, MadeEnsemble, MemberRun } from "../../../contract/domain/ensembles.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { networkShapeOf } from "../../../contract/domain/preparation.ts";
import type { RunDetails } from "../../../contract/domain/runs.ts";
import {
  MAX_MEMBERS,
  type EnsembleMember,
  type TrainingResult,
  type TrainingSettings,
} from "../../../contract/domain/training.ts";
import { networkOf, networkTitle } from "../../../contract/settings/network-presets.ts";
import { saveEnsemble } from "../../../engine/exchange/model-files.ts";
import { inputsWithShapes } from "../../../engine/networks/wiring.ts";
import { timestamp } from "../../base/timestamp.ts";
import type { Workspace } from "../../store/workspace.ts";
import { version } from "../../version.ts";
import { metricSpreads, type ComparisonService } from "./comparison.ts";
import { finishedRun, type FinishedRun, type ResultService } from "./results.ts";
import { storedFingerprint, storedModels } from "./stored-model.ts";

interface Parts {
  results: ResultService;
  comparison: ComparisonService;
}

const FIX = "Choose finished runs of one preparation, such as the seeds of an experiment.";

export class EnsembleService {
  readonly #workspace: Workspace;
  readonly #parts: Parts;

  constructor(workspace: Workspace, parts: Parts) {
    this.#workspace = workspace;
    this.#parts = parts;
  }

  /**
   * Stores the networks of several runs as one model, evaluates the mean of their probabilities, and fits its temperature on
   * the validation set. The evaluation counts as a look at the test set.
   * @param ids each once
   * @param name empty: the ensemble has none
   * @throws EctopyError `invalid-settings` where the runs don't go together; `not-found`, `nothing-usable`, `damaged-file`
   */
  async make(ids: readonly number[], name = ""): Promise<MadeEnsemble> {
    const runs = ids.map((id) =>
      finishedRun(this.#parts.results.run(id), "Choose runs that have been trained and tested."),
    );
    refuseUnlike(runs);
    const models = runs.map((run) => storedModels(this.#workspace, run)[0]);
    const [first] = runs;
    const settings: TrainingSettings = {
      ...first.run.settings,
      members: runs.map(({ run }): EnsembleMember => {
        const { network, seed } = run.settings;
        return { run: run.id, network, seed, weights: storedFingerprint(this.#workspace, run.id) };
      }),
    };
    const same = this.#find(first, settings);
    if (same !== undefined) return { run: same, alreadyThere: true };
    const { validation, test, temperature } = await this.#parts.comparison.averaged(runs);
    const sum = (of: (result: TrainingResult) => number): number =>
      runs.reduce((total, run) => total + of(run.result), 0);
    const { peakMemory, ...device } = first.result.device;
    void peakMemory;
    const result: TrainingResult = {
      ...{ bestEpoch: 0, epochs: [], stoppedEarly: false, cancelled: false, temperature },
      ...{ test: test.evaluation, validation: validation.evaluation },
      parameters: {
        trainable: sum(({ parameters }) => parameters.trainable),
        total: sum(({ parameters }) => parameters.total),
      },
      device: { ...device, versions: { ...device.versions, ectopy: version } },
      // The training time of all members: averaging takes none.
      seconds: sum(({ seconds }) => seconds),
    };
    const staged = this.#workspace.stage("runs");
    try {
      saveEnsemble(models, staged.path);
      writeFileSync(join(staged.path, "test-probabilities.f32"), test.probabilities);
      writeFileSync(join(staged.path, "validation-probabilities.f32"), validation.probabilities);
      const at = timestamp();
      return {
        run: this.#workspace.keep("runs", staged, () => this.#add(first, { settings, result, name, at })),
        alreadyThere: false,
      };
    } catch (error) {
      staged.discard();
      throw error;
    }
  }

  /** Returns the runs of an ensemble with their metrics; null where the run is no ensemble. @throws EctopyError `not-found` */
  members(id: number): EnsembleMembers | null {
    const { members } = this.#parts.results.run(id).run.settings;
    if (members === undefined) return null;
    const listed = members.map((member) => this.#member(member));
    return { members: listed, singles: metricSpreads(listed.flatMap(({ test }) => test ?? [])) };
  }

  #member({ run: id, network, seed, weights }: EnsembleMember): MemberRun {
    const of = { run: id, name: "", network: networkOf(network).name, seed };
    // A deleted run's number may be that of another run in a workspace that was restored.
    if (!this.#isMember(id, weights)) return { ...of, state: "deleted", test: null };
    const { run, remarks } = this.#parts.results.run(id);
    const { accuracy, macroF1, weightedF1 } = run.result!.test;
    return {
      ...of,
      name: remarks.name,
      state: this.#workspace.removed.ids("runs").has(id) ? "in-bin" : "stored",
      test: { accuracy, macroF1, weightedF1 },
    };
  }

  #isMember(id: number, weights: string): boolean {
    const known = this.#workspace.runs.find(id);
    if (known === undefined || known.result === null) return false;
    try {
      return storedFingerprint(this.#workspace, id) === weights;
    } catch (error) {
      // Its model is damaged: it is the member, as far as the database knows.
      if (error instanceof EctopyError) return true;
      throw error;
    }
  }

  /** Returns the stored run of the same members. */
  #find({ run: { preparationId } }: FinishedRun, { members }: TrainingSettings): number | undefined {
    const key = JSON.stringify(members);
    const removed = this.#workspace.removed.ids("runs");
    return this.#workspace.runs
      .list()
      .find(
        ({ id, preparationId: of, settings }) =>
          of === preparationId && !removed.has(id) && JSON.stringify(settings.members) === key,
      )?.id;
  }

  #add(
    { run: { preparationId } }: FinishedRun,
    { settings, result, name, at }: { settings: TrainingSettings; result: TrainingResult; name: string; at: string },
  ): number {
    const { runs, runLog, remarks } = this.#workspace;
    const id = runs.add({ preparationId, settings, createdAt: at });
    runs.start(id, at);
    runs.finish(id, result, at);
    const of = settings.members!.map(({ run }) => run).join(", ");
    runLog.add(id, { at, kind: "note", message: `Made of runs ${of}, and evaluated on the test set.` });
    if (name !== "") remarks.set(id, { ...remarks.find(id), name });
    return id;
  }
}

/** @throws EctopyError `invalid-settings` with the reason why the runs can't be one model */
function refuseUnlike(runs: readonly FinishedRun[]): void {
  const problem = problemOf(runs);
  if (problem !== null) throw new EctopyError("invalid-settings", problem, FIX);
}

function problemOf(runs: readonly RunDetails[]): string | null {
  if (runs.length < 2) return "An ensemble needs two runs at least.";
  if (runs.length > MAX_MEMBERS) return `An ensemble has ${MAX_MEMBERS} runs at most, not ${runs.length}.`;
  const [first] = runs;
  const inputs = inputsText(first);
  for (const each of runs) {
    const { id, settings } = each.run;
    if (settings.members !== undefined) return `Run ${id} is an ensemble: choose its runs instead.`;
    if (settings.importedFrom !== undefined) return `Run ${id} is an external model: its training is not known.`;
    if (each.preparation.fingerprint !== first.preparation.fingerprint) {
      return `Runs ${first.run.id} and ${id} are of different preparations.`;
    }
    if (inputsText(each) !== inputs) {
      return `The networks of runs ${first.run.id} (${networkTitle(first.run.settings)}) and ${id} (${networkTitle(settings)}) have different inputs.`;
    }
  }
  return null;
}

/** Inputs of a run's network with their shapes, as text. */
function inputsText({ run, preparation }: RunDetails): string {
  return inputsWithShapes(networkOf(run.settings.network), networkShapeOf(preparation))
    .map(({ id, shape }) => `${id} ${shape.join("×")}`)
    .join(", ");
}
