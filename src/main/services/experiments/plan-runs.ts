/** Plans the runs of an experiment. */
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { ExperimentPlan, PlannedRun, SettingRange, SettingValues } from "../../../contract/domain/experiments.ts";
import { networkOf } from "../../../contract/settings/network-presets.ts";
import { protocolName, trainingProblem } from "../../../contract/settings/setting-table.ts";
import { MAX_QUOTED_LENGTH, shortened } from "../../../contract/text/shorten.ts";
import { trainingSettingsSchema, type TrainingSettings } from "../../../contract/domain/training.ts";
import { randomStream } from "../../../pipeline/random.ts";

type Value = SettingValues["values"][number];
type Chosen = readonly (readonly [setting: string, value: Value])[];

/** Returns a run for each fold of each setting, the folds of a setting in order. */
function inFolds(runs: readonly PlannedRun[], folds: number | undefined): PlannedRun[] {
  if (folds === undefined) return [...runs];
  return runs.flatMap(({ label, settings }) =>
    Array.from({ length: folds }, (_, i) => ({ label: `${label}, fold ${i + 1} of ${folds}`, settings })),
  );
}

/** Returns the settings in a run's label, without the fold of a search. */
export function withoutFold(label: string): string {
  return label.replace(/, fold \d+ of \d+$/, "");
}

/** The protocols of a pair, in the order of its runs. */
export const pairedProtocols = ["reference", "inter-patient"] as const;

/** Limit on the runs of one experiment. */
const MAX_RUNS = 1000;

/**
 * @param base settings that are not varied
 * @throws EctopyError `invalid-settings` naming the unknown setting or the invalid value
 */
export function planRuns(plan: ExperimentPlan, base: TrainingSettings): PlannedRun[] {
  switch (plan.kind) {
    case "repeats":
      return Array.from({ length: plan.times }, (_, i) => ({
        label: `seed ${(base.seed + i) >>> 0}`,
        settings: { ...base, seed: (base.seed + i) >>> 0 },
      }));
    case "grid":
      return inFolds(
        combinations(plan.settings).map((chosen) => vary(base, chosen)),
        plan.folds,
      );
    case "random":
      return inFolds(
        draws(plan.settings, plan.runs, plan.seed).map((chosen) => vary(base, chosen)),
        plan.folds,
      );
    case "cross-validation":
      return Array.from({ length: plan.folds }, (_, i) => ({
        label: `fold ${i + 1} of ${plan.folds}`,
        settings: base,
      }));
    case "protocol-pair":
      return pairedProtocols.map((protocol) => ({ label: protocolName(protocol), settings: base }));
    case "leave-one-patient-out":
      throw new RangeError("Leave-one-patient-out is planned with the number of its patients.");
  }
}

/** Settings whose values change the duration of a run. */
const DECIDES_DURATION =
  /^(network|network\..+\.(units|filters|kernelSize|poolSize|strides)|epochs|stepsPerEpoch|patience|precision|threads|backend)$/;

/**
 * Returns whether the first runs of a plan tell the duration of the others: a grid takes the values of its settings in
 * order, so that the first runs may all have one network or one backend. Random trials are a sample of all.
 */
export function isEvenlyTimed(plan: ExperimentPlan): boolean {
  return plan.kind !== "grid" || !plan.settings.some(({ setting }) => DECIDES_DURATION.test(setting));
}

function combinations(settings: readonly SettingValues[]): Chosen[] {
  const count = settings.reduce((product, { values }) => product * values.length, 1);
  if (count > MAX_RUNS) {
    throw new EctopyError(
      "invalid-settings",
      `The plan has ${count.toLocaleString("en-US")} runs; the limit is ${MAX_RUNS}.`,
      "Choose fewer values, or use a random search.",
    );
  }
  return settings.reduce<Chosen[]>(
    (all, { setting, values }) => all.flatMap((chosen) => values.map((value): Chosen => [...chosen, [setting, value]])),
    [[]],
  );
}

function draws(settings: readonly (SettingRange | SettingValues)[], runs: number, seed: number): Chosen[] {
  const random = randomStream(seed, "search");
  return Array.from({ length: runs }, () =>
    settings.map(
      (each) =>
        [
          each.setting,
          "values" in each ? pick(each.values, random.below(each.values.length)) : draw(each, random.uniform()),
        ] as const,
    ),
  );
}

function pick(values: readonly Value[], index: number): Value {
  return values[index];
}

/** @param u from 0 to below 1 */
function draw({ from, to, scale, whole }: SettingRange, u: number): number {
  // Whole numbers are equally likely, the last one included.
  const end = whole ? to + 1 : to;
  const value = scale === "log" ? Math.exp(Math.log(from) + u * Math.log(end / from)) : from + u * (end - from);
  // Four digits tell two trials apart and stay readable.
  return whole ? Math.floor(value) : Number(value.toPrecision(4));
}

function vary(base: TrainingSettings, chosen: Chosen): PlannedRun {
  // A preset named by its name has no layers to vary.
  const deep = chosen.some(([setting]) => setting.startsWith("network."));
  const varied: unknown = structuredClone(deep ? { ...base, network: networkOf(base.network) } : base);
  for (const [setting, value] of chosen) set(varied, setting, value);
  const checked = trainingSettingsSchema.safeParse(varied);
  const label = chosen.map(([setting, value]) => `${setting} ${value}`).join(", ");
  if (checked.success) {
    const problem = trainingProblem(checked.data);
    if (problem === null) return { label, settings: checked.data };
    throw new EctopyError("invalid-settings", problem, "Change the values of the search.");
  }
  const [issue] = checked.error.issues;
  throw new EctopyError(
    "invalid-settings",
    `${shortened(label, MAX_QUOTED_LENGTH)} does not fit: ${shortened(`${issue.path.join(".")}: ${issue.message}`, MAX_QUOTED_LENGTH)}.`,
    "`ectopy train --help` lists the values of each setting.",
  );
}

/** @throws EctopyError `invalid-settings` where there is no such setting */
function set(settings: unknown, place: string, value: Value): void {
  const path = place.split(".");
  const last = path.pop()!;
  const found = path
    .reduce<unknown[]>((objects, step) => objects.flatMap((object) => inside(object, step)), [settings])
    .filter((object): object is Record<string, unknown> => isRecord(object) && Object.hasOwn(object, last));
  if (found.length === 0) {
    throw new EctopyError(
      "invalid-settings",
      `There is no setting ${shortened(place, MAX_QUOTED_LENGTH)}.`,
      "Use the names of `ectopy show RUN --json`, and for layers their names: network.dropout-1.rate.",
    );
  }
  for (const object of found) object[last] = value;
}

/** Resolves one step of a path: a network's layer by its id, or `*` for all layers. */
function inside(object: unknown, step: string): unknown[] {
  if (!isRecord(object)) return [];
  const { layers } = object;
  // Own properties alone: inherited ones would lead to the prototype of all objects.
  if (!Array.isArray(layers)) return Object.hasOwn(object, step) ? [object[step]] : [];
  return layers.filter((layer) => isRecord(layer) && (step === "*" || layer["id"] === step));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
