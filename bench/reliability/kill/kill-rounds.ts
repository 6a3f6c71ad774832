/** Rounds of one operation: copy, start, kill, open, compare, repeat, compare. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { randomStream, type RandomStream } from "../../../src/pipeline/random.ts";
import type { Ended } from "../../../tests/support/ectopy-process.ts";
import { copyFolder } from "../copy-folder.ts";
import { median } from "../../statistics.ts";
import { count, emptyTally, type Finding, type Tally } from "../findings.ts";
import { openAndRead } from "../open-and-read.ts";
import { familyOf, killFamily, signal, stillRunning } from "../process-family.ts";
import {
  databaseDamage,
  differenceOf,
  halfMade,
  leftovers,
  losses,
  outcomeOf,
  readState,
  type WorkspaceState,
} from "../workspace-state.ts";
import { runInTime, startInTime } from "../run-in-time.ts";
import { freshRound, type TemplateWorkspace, type RoundPlace } from "./template-workspace.ts";
import { FIRST_ATTEMPT, type Operation, type Target } from "./operation.ts";

export interface KillPlan {
  seed: number;
  rounds: number;
  /** Number of the first round; 1 unless one is repeated. */
  first: number;
  /** Folder for workspaces that show a finding; null: none is kept. */
  keep: string | null;
  /** Called before each round; false ends the rounds. */
  shouldContinue: () => boolean;
  say: (text: string) => void;
}

/** Time within which the children of a killed process end, in ms. */
const END_TIMEOUT_MS = 60_000;
const PROGRESS_ROUNDS = 20;
/** Rounds that are tried for each counted one: where other work ends meanwhile, operations end before their kills. */
const MAX_TRIES = 10;
/** Number of latest undisturbed runs whose median is the operation's duration: the machine's load changes. */
const TIMED = 5;

interface Reference {
  /** Content that an undisturbed operation adds; empty if it adds nothing. */
  outcome: string[];
  before: WorkspaceState;
  /** Durations of the latest undisturbed operations, in ms. */
  times: number[];
}

export async function killRounds(operation: Operation, template: TemplateWorkspace, plan: KillPlan): Promise<Tally> {
  const tally = emptyTally(operation.name);
  const reference = await makeReference(operation, template);
  // A round that ended before its kill is not counted, and another one follows.
  const end = plan.first + MAX_TRIES * plan.rounds;
  for (let round = plan.first; tally.rounds < plan.rounds && round < end; round++) {
    if (!plan.shouldContinue()) break;
    const { hit, findings } = await killRound({ operation, template, reference }, plan, round);
    if (hit === null && findings.length === 0) continue;
    count(tally, round, hit ?? "the end", findings);
    if (findings.length > 0 || tally.rounds % PROGRESS_ROUNDS === 0) {
      plan.say(
        [`${operation.name}: ${tally.rounds} of ${plan.rounds}`, ...findings.map(({ text }) => text)].join("\n  "),
      );
    }
  }
  return tally;
}

async function makeReference(operation: Operation, template: TemplateWorkspace): Promise<Reference> {
  const reference: Reference = { outcome: [], before: readState(freshRound(template).workspace), times: [] };
  for (const attempt of [FIRST_ATTEMPT, FIRST_ATTEMPT - 1]) {
    // A file that contains the time, in seconds, must differ between attempts.
    if (attempt < FIRST_ATTEMPT && operation.outside) await setTimeout(1100);
    const place = freshRound(template);
    const ended = await timed(reference, () => runInTime(operation.args(place, attempt), place));
    if (ended.status !== 0)
      throw new Error(`${operation.name}, without a kill: status ${ended.status}\n${ended.stderr}`);
    await operation.outside?.remember(place, attempt);
    const outcome = madeBy(operation, readState(place.workspace));
    const difference = differenceOf(outcome, reference.outcome);
    if (attempt < FIRST_ATTEMPT && difference !== "") {
      throw new Error(`${operation.name}: two undisturbed operations differ: ${difference}`);
    }
    reference.outcome = outcome;
  }
  return reference;
}

/** Returns the content that the operation added, which is number 2 of its kind; empty if it added nothing. */
function madeBy({ makes }: Operation, state: WorkspaceState): string[] {
  const made = makes === null ? undefined : state.get(`${makes}/2`);
  return made === undefined ? [] : outcomeOf(made);
}

async function timed<T>({ times }: Reference, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const done = await work();
  times.push(performance.now() - began);
  if (times.length > TIMED) times.shift();
  return done;
}

async function killRound(
  { operation, template, reference }: { operation: Operation; template: TemplateWorkspace; reference: Reference },
  { seed, keep }: KillPlan,
  round: number,
): Promise<{ hit: string | null; findings: Finding[] }> {
  const random = randomStream(seed, operation.name, round);
  const place = freshRound(template);
  operation.outside?.prepare(place, random.uniform());
  const { hit, left } = await killed(operation, { ...reference, place, round }, random);
  if (hit === null && !left) return { hit, findings: [] };
  const aside = keep === null ? null : join(keep, `${operation.name}-${seed}-${round}`);
  if (keep !== null) mkdirSync(keep, { recursive: true });
  if (aside !== null) copyFolder(template.round, aside);
  const findings: Finding[] = left ? [{ kind: "failed", text: "a process still runs without its parent" }] : [];

  findings.push(...(operation.outside?.afterKill(place) ?? []));
  let state = opened(place, findings);
  findings.push(
    ...losses(reference.before, state),
    ...halfMade(place.workspace, state),
    ...databaseDamage(place.workspace),
  );
  const made = madeBy(operation, state);
  const isRun = operation.makes === "runs";
  const underWay = isRun && state.get("runs/2")?.files === null;
  const half = made.length === 0 || underWay ? "" : differenceOf(made, reference.outcome);
  if (half !== "") findings.push({ kind: "not whole", text: `it differs from an undisturbed one: ${half}` });

  const args = operation.again(place, round, state);
  if (args !== null) {
    const again = (): Promise<Ended> => runInTime(args, place);
    const wholly = !isRun || args[0] === "train";
    const ended = await (wholly ? timed(reference, again) : again());
    if (ended.status !== 0) {
      findings.push({
        kind: "failed",
        text: `ectopy ${args.join(" ")}: status ${ended.status}: ${ended.stderr.trim().slice(-500)}`,
      });
    }
  }
  state = opened(place, findings);
  findings.push(...losses(reference.before, state), ...halfMade(place.workspace, state));
  const difference = differenceOf(madeBy(operation, state), reference.outcome);
  if (difference !== "") findings.push({ kind: "not equal", text: difference });
  findings.push(...((await operation.outside?.afterAgain(place, round)) ?? []));
  findings.push(...leftovers(place.workspace, place.temporary).map((text): Finding => ({ kind: "leftovers", text })));
  if (aside !== null && findings.length === 0) rmSync(aside, { recursive: true });
  return { hit, findings };
}

/** Starts the operation and kills it. @returns its stage at the kill; null if it had ended before */
async function killed(
  operation: Operation,
  { times, place, round }: { times: Reference["times"]; place: RoundPlace; round: number },
  random: RandomStream,
): Promise<{ hit: string | null; left: boolean }> {
  const moment = random.uniform() * median(times);
  const target = operation.targets[random.below(operation.targets.length)];
  const running = startInTime(operation.args(place, round), place);
  const pid = running.child.pid!;
  const state = await Promise.race([
    running.ended.then(() => "ended" as const),
    setTimeout(moment, "under way" as const),
  ]);
  const stage = stageOf(running.errorOutput());
  const family = familyOf(pid);
  if (state === "under way") kill(target, family);
  const left = await stillRunning(family, END_TIMEOUT_MS);
  for (const each of left) signal(each, "SIGKILL");
  await running.ended;
  return { hit: state === "ended" ? null : stage, left: left.length > 0 };
}

function kill(target: Target, [parent, trainer]: readonly number[]): void {
  if (target === "training" && trainer !== undefined) signal(trainer, "SIGKILL");
  else if (target === "parent") signal(parent, "SIGKILL");
  else killFamily(parent);
}

/** Returns the latest line of progress without its numbers: `Training`, `Reading recordings`. */
function stageOf(output: string): string {
  const last = output.trimEnd().split("\n").at(-1) ?? "";
  const [stage] = last.split(/ {2}|, epoch|\d/);
  return stage.trim() === "" ? "the start" : stage.trim();
}

/** Opens the workspace as the next process does. @returns its content; empty if it does not open */
function opened(place: RoundPlace, findings: Finding[]): WorkspaceState {
  try {
    return openAndRead(place);
  } catch (error) {
    findings.push({
      kind: "failed",
      text: `it does not open: ${error instanceof Error ? error.message : String(error)}`,
    });
    return new Map();
  }
}
