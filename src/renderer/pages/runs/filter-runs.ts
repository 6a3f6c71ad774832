/**
 * The search of runs: parses what the user types, and finds the matching runs.
 *
 *   cnn final            both words, anywhere in a run's text
 *   "left bundle"        the whole phrase
 *   tag:final            text in one column, given by its name or the beginning of its name
 *   macrof1>90 epochs<=5 a number, in the unit that the table shows
 *   sensitivity/V>80     a metric of a class, whose name is case-sensitive
 */
import type { RunOverview } from "../../../contract/domain/runs.ts";
import { readNumber } from "../../../contract/settings/number-range.ts";
import { runColumns, type RunColumn } from "./columns.ts";

type Operator = ">=" | "<=" | ">" | "<" | "=" | ":";

type Term = { column: null; text: string } | { column: RunColumn; operator: Operator; text: string };

export interface RunFilter {
  terms: readonly Term[];
  /** What is wrong with the terms that can't be applied, one sentence each. */
  problems: readonly string[];
}

/** Names of the columns, as the search takes them. */
export const columnNames = runColumns.map(({ key }) => key).join(", ");

export function parseFilter(input: string, columns: readonly RunColumn[] = runColumns): RunFilter {
  const terms: Term[] = [];
  const problems: string[] = [];
  for (const typed of input.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? []) {
    const found = /^([A-Za-z][A-Za-z0-9 ]*?(?:\/[^"]+?)?)(>=|<=|>|<|=|:)(.*)$/.exec(typed);
    if (found === null) {
      const text = unquoted(typed);
      if (text !== "") terms.push({ column: null, text });
      continue;
    }
    const [, name, operator, rest] = found;
    const term = readTerm(columnNamed(name, columns), name, operator as Operator, unquoted(rest));
    if (typeof term === "string") problems.push(term);
    else terms.push(term);
  }
  return { terms, problems };
}

/** @returns a sentence where the term is invalid */
function readTerm(column: RunColumn | undefined, name: string, operator: Operator, text: string): Term | string {
  if (column === undefined) return `There is no column “${name}”. Columns: ${columnNames}.`;
  const { key, title, numeric, percent, comparable = numeric } = column;
  if (text === "")
    return `${title} needs a value, such as ${key}${operator}${numeric ? (percent ? "90" : "5") : "text"}.`;
  if (operator === ":") return { column, operator, text };
  if (!comparable) return `${title} is no number: write ${key}:${text}.`;
  const { value, problem } = readNumber(text);
  if (problem !== undefined) return `${title}: ${problem}`;
  // 0.9 is meant as a share; as a percentage it would match nearly all runs, or none.
  if (percent && value > 0 && value <= 1) {
    return `${title} is in %: write ${key}${operator}${Number((100 * value).toFixed(4))}.`;
  }
  return { column, operator, text: String(value) };
}

export function filterRuns(runs: readonly RunOverview[], { terms }: RunFilter): readonly RunOverview[] {
  return terms.length === 0 ? runs : runs.filter((run) => terms.every((term) => matches(run, term)));
}

function matches(run: RunOverview, term: Term): boolean {
  if (term.column === null) return searchText(run).includes(term.text);
  const { column, operator, text } = term;
  if (operator === ":") return column.text(run).toLowerCase().includes(text);
  const value = column.value(run);
  if (typeof value !== "number") return false;
  const bound = Number(text);
  switch (operator) {
    case ">":
      return value > bound;
    case ">=":
      return value >= bound;
    case "<":
      return value < bound;
    case "<=":
      return value <= bound;
    case "=":
      return value === bound;
  }
}

const textColumns = runColumns.filter(({ numeric }) => !numeric);
const searchTexts = new WeakMap<RunOverview, string>();

/** Returns a run's text, built once: each key press searches ten thousand runs. */
function searchText(run: RunOverview): string {
  let text = searchTexts.get(run);
  if (text === undefined) {
    text = textColumns
      .map((column) => column.text(run))
      .concat(`run ${run.id}`)
      .join("\n")
      .toLowerCase();
    searchTexts.set(run, text);
  }
  return text;
}

function columnNamed(typed: string, columns: readonly RunColumn[]): RunColumn | undefined {
  // Classes such as a and A differ by case alone.
  const exact = columns.find(({ key }) => key === typed);
  if (exact !== undefined) return exact;
  const name = typed.toLowerCase();
  const namesOf = ({ key, title }: RunColumn): string[] => [key, title.toLowerCase().replaceAll(" ", "")];
  return (
    columns.find((column) => namesOf(column).includes(name)) ??
    columns.find((column) => namesOf(column).some((each) => each.startsWith(name)))
  );
}

function unquoted(typed: string): string {
  return typed.replaceAll('"', "").toLowerCase();
}
