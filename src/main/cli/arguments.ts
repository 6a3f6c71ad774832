/** Parsers of command-line arguments for commander. Each refuses a value with one sentence that says what is needed. */
import { foldSchema, type Fold } from "../../contract/domain/preparation.ts";
import { setNameSchema } from "../../contract/domain/viewing.ts";
import { InvalidArgumentError } from "commander";
import { callerPath } from "../base/user-path.ts";
import { readNumber } from "../../contract/settings/number-range.ts";
import { seedRange, type SettingText } from "../../contract/settings/setting-table.ts";
import { symbolClassMaps, customClassMapSchema, type ClassMap } from "../../contract/domain/class-maps.ts";

/** Parses a whole number from `least` to `most`. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(
        most === Number.MAX_SAFE_INTEGER
          ? `A whole number of at least ${least} is needed.`
          : `A whole number from ${least} to ${most} is needed.`,
      );
    }
    return value;
  };
}

/** Parses several whole numbers, one per argument. */
export function wholeNumbers(least: number): (text: string, before?: number[]) => number[] {
  const read = wholeNumber(least);
  return (text, before = []) => [...before, read(text)];
}

/** Parses a seed: 32 bits, because the random streams use 32. */
export const seedNumber = numberOf({ label: "Seed", range: seedRange });

/** Refuses an empty name or path: it comes from an unset shell variable, and would name a folder that nobody chose. */
export function nonEmpty(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("The value is empty.");
  return text;
}

/** Parses the name of an annotation set. */
export function setName(text: string): string {
  const { data } = setNameSchema.safeParse(text);
  if (data === undefined) throw new InvalidArgumentError("A name has 1 to 40 letters, digits, _ and -.");
  return data;
}

/** Resolves a path against the caller's working directory. @throws EctopyError `usage` */
export function pathArgument(text: string): string {
  return callerPath(nonEmpty(text));
}

/** Parses a number of the range of a setting, as the window does. */
export function numberOf({ range, unit = "" }: SettingText): (text: string) => number {
  return (text) => {
    const { value, problem } = readNumber(text, range, unit);
    if (problem !== undefined) throw new InvalidArgumentError(problem);
    return value;
  };
}

/** Parses the fractions of training, validation and test set, such as `0.6,0.2,0.2`. */
export function fractions(text: string): [number, number, number] {
  const values = text.split(",").map(Number);
  const [train, validation, test] = values;
  const sum = values.reduce((a, b) => a + b, 0);
  if (values.length !== 3 || !values.every((v) => v > 0 && v < 1) || Math.abs(sum - 1) > 1e-9) {
    throw new InvalidArgumentError("Three fractions with the sum 1 are needed, such as 0.6,0.2,0.2.");
  }
  return [train, validation, test];
}

/** Parses a fold and the number of folds, such as `2/5`. */
export function foldNumber(text: string): Fold {
  const [number, of] = text.split("/").map(Number);
  const checked = foldSchema.safeParse({ number, of });
  if (!checked.success) throw new InvalidArgumentError("A fold and the number of folds are needed, such as 1/5.");
  return checked.data;
}

/** Parses names, such as those of leads: `MLII,II`. */
export function nameList(text: string): string[] {
  const names = namesIn(text);
  if (names.length === 0) throw new InvalidArgumentError("Names are needed, separated by commas.");
  return names;
}

function namesIn(text: string): string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

/** Parses names of recordings, such as `100,101,103`. */
export function recordingNames(text: string): string[] {
  const names = namesIn(text);
  if (names.length === 0) throw new InvalidArgumentError("Names of recordings are needed, such as 100,101.");
  return names;
}

/** Parses labels of classes, such as `F,N,Q,S,V`. */
export function classLabels(text: string): string[] {
  const labels = text.split(",").map((label) => label.trim());
  if (labels.length < 2 || labels.includes("")) {
    throw new InvalidArgumentError("Labels of two or more classes are needed, such as F,N,Q,S,V.");
  }
  return labels;
}

/** Parses names of classes by their texts in a table, such as `0=N,1=S`. */
export function classNames(text: string): Record<string, string> {
  const pairs = namesIn(text).map((entry) => {
    const end = entry.indexOf("=");
    const pair: [string, string] = [entry.slice(0, end).trim(), entry.slice(end + 1).trim()];
    if (end < 1 || pair[0] === "" || pair[1] === "") {
      throw new InvalidArgumentError("Each class needs a name, such as 0=N,1=S.");
    }
    return pair;
  });
  if (pairs.length === 0) throw new InvalidArgumentError("Names of classes are needed, such as 0=N,1=S.");
  return Object.fromEntries(pairs);
}

/** Parses a sampling rate in Hz; 0: unknown. */
export function hertz(text: string): number {
  const rate = Number(text);
  if (text.trim() === "" || !Number.isFinite(rate) || rate < 0 || rate > 100_000) {
    throw new InvalidArgumentError("A sampling rate in Hz is needed, such as 125; 0 means unknown.");
  }
  return rate;
}

/** Parses a class map: a built-in map's name, or classes with their symbols, such as `N=NLRej,V=VE`. */
export function classMap(text: string): ClassMap {
  const name = symbolClassMaps.find((each) => each === text);
  if (name) return name;
  const classes = text.split(",").map((entry) => {
    const end = entry.lastIndexOf("=");
    return { label: entry.slice(0, end).trim(), symbols: entry.slice(end + 1).trim() };
  });
  const { data, error } = customClassMapSchema.safeParse({ classes });
  if (data) return data;
  const why = text.includes("=") ? ` (${error.issues[0]?.message})` : "";
  throw new InvalidArgumentError(`A class map is needed: mit-bih, aami, or custom classes such as N=NLRej,V=VE${why}.`);
}
