/** The form of an experiment, and the plan it describes. */
import { defaultExperiment } from "../../../contract/settings/defaults.ts";
import type { ExperimentPlan, SettingRange, SettingValues } from "../../../contract/domain/experiments.ts";
import type { ExperimentForm, VariedSetting } from "../../stores/experiment-forms.ts";
import type { VariableSetting } from "./variable-settings.ts";

/** Returns a new form; its search has one parameter, the learning rate. */
export function freshForm(learningRate: VariableSetting, seed: number): ExperimentForm {
  return {
    kind: "repeats",
    name: "",
    ...defaultExperiment,
    seed,
    varied: [freshVariation(learningRate)],
    executor: "",
  };
}

/** Returns a parameter with the current value of its setting, a lower value and a higher value. */
export function freshVariation(setting: VariableSetting): VariedSetting {
  const { path } = setting;
  if (setting.kind === "choice") {
    const chosen = setting.options.map(({ value }) => value).slice(0, 3);
    return { path, typed: "", chosen, as: "values", from: 0, to: 1, log: false };
  }
  const { current, min, max, log, whole } = setting;
  const factor = log ? 10 : 2;
  const rounded = (value: number): number =>
    Math.min(max, Math.max(min, whole ? Math.round(value) : Number(value.toPrecision(3))));
  const above = current * factor <= max ? current * factor : (current + max) / 2;
  const values = [rounded(current / factor), current, rounded(above)];
  const [from, to] = [Math.min(...values), Math.max(...values)];
  return {
    path,
    typed: [...new Set(values)].join(", "),
    chosen: [],
    as: "range",
    from,
    to: to > from ? to : rounded(min + 1),
    log: log && from > 0,
  };
}

export interface PlanOfForm {
  /** Null where the form is invalid or incomplete. */
  plan: ExperimentPlan | null;
  /** Errors by the index of the parameter in the form. */
  problems: ReadonlyMap<number, string>;
}

export function planOf(form: ExperimentForm, known: readonly VariableSetting[]): PlanOfForm {
  const problems = new Map<number, string>();
  const { kind } = form;
  if (kind === "repeats") return { plan: { kind, times: form.times }, problems };
  if (kind === "leave-one-patient-out" || kind === "protocol-pair") return { plan: { kind }, problems };
  if (kind === "cross-validation") return { plan: { kind, folds: form.folds }, problems };
  const settings = form.varied.flatMap((varied, i): (SettingValues | SettingRange)[] => {
    const setting = known.find(({ path }) => path === varied.path);
    const isRepeated = form.varied.findIndex(({ path }) => path === varied.path) < i;
    const read = isRepeated
      ? "This parameter is already in the list."
      : readVariation(varied, setting, kind === "random");
    if (typeof read !== "string") return [read];
    problems.set(i, read);
    return [];
  });
  if (problems.size > 0 || settings.length === 0) return { plan: null, problems };
  return {
    plan:
      kind === "grid"
        ? { kind, settings: settings as SettingValues[] }
        : { kind, settings, runs: form.runs, seed: form.seed },
    problems,
  };
}

/** @returns an error message where the parameter is invalid */
function readVariation(
  varied: VariedSetting,
  setting: VariableSetting | undefined,
  ranges: boolean,
): SettingValues | SettingRange | string {
  if (setting === undefined) return "This setting no longer exists. Choose another.";
  const { path } = setting;
  if (setting.kind === "choice") {
    const values = setting.options.map(({ value }) => value).filter((value) => varied.chosen.includes(value));
    return values.length === 0 ? "Select at least one value." : { setting: path, values };
  }
  const { min, max, whole } = setting;
  const wrong = (value: number): boolean => value < min || value > max || (whole && !Number.isInteger(value));
  const limits = `${whole ? "integers" : "numbers"} from ${min} to ${max.toLocaleString("en-US")}`;
  if (ranges && varied.as === "range") {
    const { from, to, log } = varied;
    if (wrong(from) || wrong(to)) return `Enter ${limits}.`;
    if (from >= to) return "“To” must be greater than “From”.";
    if (log && from <= 0) return "On a log scale, “From” must be greater than 0.";
    return { setting: path, from, to, scale: log ? "log" : "linear", whole };
  }
  const parts = varied.typed.split(/[\s,;]+/).filter((word) => word !== "");
  // A decimal comma looks like two values: 0 and 01.
  const ambiguous = /(?:^|[\s,;])(0,\d+)(?![\d.])/.exec(varied.typed)?.[1];
  if (ambiguous !== undefined) return `“${ambiguous}” is ambiguous. Use a decimal point, or a space after each comma.`;
  const values = [...new Set(parts.map(Number))];
  const unclear = parts.find((word) => !Number.isFinite(Number(word)));
  if (parts.length === 0) return "Enter at least one value.";
  if (unclear !== undefined) return `“${unclear}” is not a number.`;
  const outside = values.find(wrong);
  return outside === undefined ? { setting: path, values } : `${outside} is out of range. Enter ${limits}.`;
}
