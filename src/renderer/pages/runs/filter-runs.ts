/**
 * What is typed into the search of runs, and which runs it finds.
 *
 *   cnn final            both words, anywhere in a run's words
 *   "left bundle"        these words as they stand
 *   tag:final            in one column, by its name or a beginning of it
 *   macrof1>90 epochs<=5 a figure, in the unit that the table shows
 */
import type { RunOverview } from "../../../contract/domain/runs.ts";
import { runColumns, type RunColumn } from "./columns.ts";

type Operator = ">=" | "<=" | ">" | "<" | "=" | ":";

type Term = { column: null; words: string } | { column: RunColumn; operator: Operator; words: string };

export interface RunFilter {
  terms: readonly Term[];
  /** What was meant for a column that there is none of, or for a figure and is none: as it was typed. */
  unclear: readonly string[];
}

export function parseFilter(text: string): RunFilter {
  const terms: Term[] = [];
  const unclear: string[] = [];
  for (const typed of text.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? []) {
    const found = /^([A-Za-z][A-Za-z0-9 ]*?)(>=|<=|>|<|=|:)(.*)$/.exec(typed);
    if (found === null) {
      const words = unquoted(typed);
      if (words !== "") terms.push({ column: null, words });
      continue;
    }
    const [, name, operator, rest] = found;
    const words = unquoted(rest);
    const column = columnNamed(name);
    const comparesNoFigure = operator !== ":" && (column?.figure !== true || !isFigure(words));
    if (column === undefined || words === "" || comparesNoFigure) unclear.push(typed);
    else terms.push({ column, operator: operator as Operator, words });
  }
  return { terms, unclear };
}

export function filterRuns(runs: readonly RunOverview[], { terms }: RunFilter): readonly RunOverview[] {
  return terms.length === 0 ? runs : runs.filter((run) => terms.every((term) => fits(run, term)));
}

function fits(run: RunOverview, term: Term): boolean {
  if (term.column === null) return allWords(run).includes(term.words);
  const { column, operator, words } = term;
  if (operator === ":") return column.text(run).toLowerCase().includes(words);
  const value = column.value(run);
  if (typeof value !== "number") return false;
  const bound = Number(words);
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

const wordColumns = runColumns.filter(({ figure }) => !figure);
const known = new WeakMap<RunOverview, string>();

/** A run's words in one, made once: ten thousand are searched at each key. */
function allWords(run: RunOverview): string {
  let words = known.get(run);
  if (words === undefined) {
    words = wordColumns
      .map((column) => column.text(run))
      .concat(`run ${run.id}`)
      .join("\n")
      .toLowerCase();
    known.set(run, words);
  }
  return words;
}

function columnNamed(name: string): RunColumn | undefined {
  const wanted = name.toLowerCase();
  const names = ({ key, title }: RunColumn): string[] => [key, title.toLowerCase().replaceAll(" ", "")];
  return (
    runColumns.find((column) => names(column).includes(wanted)) ??
    runColumns.find((column) => names(column).some((each) => each.startsWith(wanted)))
  );
}

function isFigure(words: string): boolean {
  return words !== "" && Number.isFinite(Number(words));
}

function unquoted(typed: string): string {
  return typed.replaceAll('"', "").toLowerCase();
}
