/**
 * Terminal output of commands. Results go to standard output: as text, or with `--json` as exactly one document.
 * Progress and warnings go to standard error, so that standard output can be piped.
 */
import type { Command } from "commander";
import type { JobProgress, ReportProgress } from "../../contract/domain/jobs.ts";
import { printable } from "./format.ts";
import { formatDuration, formatInteger } from "../../contract/text/format-number.ts";

export interface Terminal {
  /** Prints text for people; nothing with `--json`. */
  say(text: string): void;
  /** Prints the result as JSON; nothing without `--json`. */
  document(value: unknown): void;
  readonly warn: (message: string) => void;
  readonly progress: ReportProgress;
  /** Ends the progress line, so that the next output begins on a new line. */
  endProgress(): void;
}

/** Shortest time between two redraws of the progress line in a terminal. */
const REDRAW_INTERVAL_MS = 100;
/** Shortest time between two progress lines where standard error is no terminal. */
const LINE_INTERVAL_MS = 10_000;

export function createTerminal(options: { json: boolean }): Terminal {
  const { stdout, stderr } = process;
  const live = stderr.isTTY === true;
  let stage = "";
  let stageStart = 0;
  let last = 0;
  let open = false;

  const endProgress = (): void => {
    if (open) stderr.write("\n");
    open = false;
    stage = "";
  };
  const progress = (now: JobProgress): void => {
    const time = performance.now();
    const begins = now.stage !== stage;
    const complete = now.total > 0 && now.done >= now.total;
    if (begins) {
      endProgress();
      stage = now.stage;
      stageStart = time;
    } else if (!complete && time - last < (live ? REDRAW_INTERVAL_MS : LINE_INTERVAL_MS)) return;
    last = time;
    const line = progressLine(now, (time - stageStart) / 1000);
    if (!live) {
      stderr.write(`${line}\n`);
      return;
    }
    const width = stderr.columns || 100;
    stderr.write(`\r\x1b[K${line.length > width - 1 ? `${line.slice(0, width - 2)}…` : line}`);
    open = true;
  };
  return {
    say: (text) => {
      endProgress();
      if (!options.json) stdout.write(`${printable(text)}\n`);
    },
    document: (value) => {
      endProgress();
      if (options.json) stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    warn: (message) => {
      endProgress();
      stderr.write(`Note: ${printable(message)}\n`);
    },
    progress,
    endProgress,
  };
}

/** Formats progress as one line: `Reading recordings  12 of 48 records  25 %  8 s left  …`. */
export function progressLine({ stage, done, total, unit, detail }: JobProgress, seconds: number): string {
  const count =
    total > 0
      ? `${formatInteger(done)} of ${formatInteger(total)} ${unit}`
      : done > 0
        ? `${formatInteger(done)} ${unit}`
        : "";
  const share = total > 0 ? `${Math.floor((100 * done) / total)} %` : "";
  const left =
    total > 0 && done > 0 && done < total && seconds > 3
      ? `${formatDuration((seconds / done) * (total - done))} left`
      : "";
  return [stage, count, share, left, detail ?? ""].filter((text) => text !== "").join("  ");
}

/** Options of the program. */
export interface GlobalOptions {
  workspace?: string;
  json?: boolean;
}

/** Creates the terminal of a command, with its `--json`. */
export function terminalOf(command: Command): Terminal {
  return createTerminal({ json: command.optsWithGlobals<GlobalOptions>().json === true });
}
