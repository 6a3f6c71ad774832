/**
 * The set-up steps in their order, and how they are run: only what a task needs, only what is not done yet.
 */
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { browser } from "./browser.mjs";
import { endChildrenOnSignal } from "./child.mjs";
import { electron } from "./electron.mjs";
import { kernels } from "./kernels.mjs";
import { withLock } from "./lock.mjs";
import { node } from "./node.mjs";
import { packages } from "./packages.mjs";
import { python } from "./python.mjs";
import { say, SetupError } from "./report.mjs";
import { tensorflow } from "./tensorflow.mjs";

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string} title for messages
 * @property {string} [without] what works without it, and what does not; a step that lacks this can't be done without
 * @property {(project: string) => Record<string, string> | undefined} ready
 *   cheap: the environment variables that the step provides, or undefined while it is still to be done
 * @property {(project: string) => Promise<void>} prepare does the step; throws a SetupError where it can't
 */

/** @type {Step[]} */
export const steps = [packages, node, electron, tensorflow, kernels, browser, python];

/**
 * Does what is still to be done of these steps.
 *
 * @param {string} project
 * @param {string[]} names
 * @returns {Promise<{ env: Record<string, string>, missing: string[] }>} the steps' variables, and the steps that failed but
 *   can be done without
 * @throws {SetupError} where a step fails that can't be done without
 */
export async function setUp(project, names) {
  const needed = steps.filter((step) => names.includes(step.name));
  /** @type {string[]} */
  const missing = [];
  if (needed.some((step) => step.ready(project) === undefined)) {
    const restore = endChildrenOnSignal();
    const waiting = (/** @type {number} */ pid) => say(`Waiting for another set-up of this project (process ${pid}).`);
    await withLock(projectLock(project), waiting, async () => {
      for (const step of needed) if (!(await done(step, project))) missing.push(step.name);
    });
    restore();
  }
  return { env: Object.assign({}, ...needed.map((step) => step.ready(project) ?? {})), missing };
}

/**
 * @param {Step} step
 * @param {string} project
 * @returns {Promise<boolean>} false where it failed but can be done without
 */
async function done(step, project) {
  if (step.ready(project) !== undefined) return true;
  try {
    await step.prepare(project);
    return true;
  } catch (error) {
    if (!(error instanceof SetupError) || step.without === undefined) throw error;
    say(`${step.title}: not available. ${error.message}`);
    say(`  ${step.without}`);
    say(`  To get it: ${error.fix} It is tried again next time.`);
    return false;
  }
}

/**
 * In the system's temporary folder, since `npm ci` empties node_modules and nothing else of the project is ours to litter.
 *
 * @param {string} project
 */
function projectLock(project) {
  const hash = createHash("sha256").update(project).digest("hex").slice(0, 16);
  return join(tmpdir(), `ectopy-setup-${process.getuid?.() ?? "user"}-${hash}.lock`);
}
