/** Arguments as commander reads them, each refused in words. */
import { foldSchema, type Fold } from "../../contract/domain/preparation.ts";
import { InvalidArgumentError } from "commander";
import { callerPath } from "../base/user-path.ts";
import { classMapNames, customClassMapSchema, type ClassMap } from "../../contract/domain/class-maps.ts";

/** A whole number from `least` to `most`. */
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

/** Several whole numbers, one an argument. */
export function wholeNumbers(least: number): (text: string, before?: number[]) => number[] {
  const read = wholeNumber(least);
  return (text, before = []) => [...before, read(text)];
}

/** Seeds are 32 bits, as the random streams take them. */
export const seedNumber = wholeNumber(0, 0xffffffff);

/** Names and paths: an empty one is a shell variable that was not set, and would mean a folder nobody chose. */
export function nonEmpty(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("It is empty.");
  return text;
}

/** Of every command that imports recordings: flag and description. */
export const WITHOUT_COMMENTS = [
  "--without-comments",
  "leave out header comments and notes, which may hold patients' names (docs/privacy.md says what is left out)",
] as const;

/** A path as the caller means it: below the folder that the caller stands in. @throws EctopyError `usage` */
export function pathArgument(text: string): string {
  return callerPath(nonEmpty(text));
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError("A number above 0 is needed.");
  }
  return value;
}

/** From 0, below 1. */
export function fraction(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value < 1)) {
    throw new InvalidArgumentError("A number from 0 to below 1 is needed.");
  }
  return value;
}

/** `0.6,0.2,0.2` */
export function fractions(text: string): [number, number, number] {
  const values = text.split(",").map(Number);
  const [train, validation, test] = values;
  const sum = values.reduce((a, b) => a + b, 0);
  if (values.length !== 3 || !values.every((v) => v > 0 && v < 1) || Math.abs(sum - 1) > 1e-9) {
    throw new InvalidArgumentError("Three parts that add up to 1 are needed, such as 0.6,0.2,0.2.");
  }
  return [train, validation, test];
}

/** `2/5` */
export function foldNumber(text: string): Fold {
  const [number, of] = text.split("/").map(Number);
  const checked = foldSchema.safeParse({ number, of });
  if (!checked.success)
    throw new InvalidArgumentError("A fold and how many there are is needed, such as 1/5 (at most 20).");
  return checked.data;
}

/** `100,101,103` */
export function recordNames(text: string): string[] {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.length === 0) throw new InvalidArgumentError("Names of records are needed, such as 100,101.");
  return names;
}

/** A map's name, or classes with their symbols: `N=NLRej,V=VE`. */
export function classMap(text: string): ClassMap {
  const name = classMapNames.find((each) => each === text);
  if (name) return name;
  const classes = text.split(",").map((part) => {
    const end = part.lastIndexOf("=");
    return { label: part.slice(0, end).trim(), symbols: part.slice(end + 1).trim() };
  });
  const { data, error } = customClassMapSchema.safeParse({ classes });
  if (data) return data;
  const why = text.includes("=") ? `: ${error.issues[0]?.message}` : "";
  throw new InvalidArgumentError(`mit-bih, aami or custom classes such as N=NLRej,V=VE are needed${why}.`);
}
