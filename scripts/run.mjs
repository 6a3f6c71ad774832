/**
 * Runs a task of scripts/tasks.mjs with Node 24, after setting up what it needs: `node scripts/run.mjs TASK
 * [arguments]`.
 *
 * Plain JavaScript without packages, for Node 20 and later: it runs on a machine where nothing is installed yet. If
 * everything is set up, the check takes a few milliseconds and prints nothing. Set-up messages go to stderr, never to
 * stdout.
 */
import { spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { serverEnvironment } from "./server-environment.mjs";
import { endWithParent } from "./setup/end-with-parent.mjs";
import { nodePath } from "./setup/node.mjs";
import { say, SetupError } from "./setup/report.mjs";
import { setUp } from "./setup/steps.mjs";
import { programOf } from "./setup/tools.mjs";
import { tasks } from "./tasks.mjs";

const project = dirname(dirname(fileURLToPath(import.meta.url)));

const [name = "", ...args] = process.argv.slice(2);
const task = tasks[name];
if (task === undefined) {
  say(`Unknown task "${name}". Tasks: ${Object.keys(tasks).join(", ")}.`);
  process.exit(2);
}

if (process.env.npm_lifecycle_event !== undefined) endWithParent();

try {
  const needs = typeof task.needs === "function" ? task.needs(args) : task.needs;
  const { env, missing } = await setUp(project, needs);
  if (task.program === undefined) {
    say(missing.length === 0 ? "Everything is set up." : `Set up without ${missing.join(" and ")}.`);
    process.exitCode = missing.length === 0 ? 0 : 1;
  } else {
    run(task, env);
  }
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  say(error.fix);
  process.exitCode = 1;
}

/**
 * Starts the command with this process's streams, forwards signals to it, and ends as it ends.
 *
 * @param {import("./tasks.mjs").Task} task
 * @param {Record<string, string>} provided
 */
function run({ program, args: first = [], serves, takesPaths }, provided) {
  const node = nodePath(project);
  const tool = program === "node" || program === undefined ? [] : [programOf(project, ...program)];
  // Windows names it Path; a second spelling would be ignored.
  const pathName = Object.keys(process.env).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  const folders = [dirname(node), join(project, "node_modules", ".bin"), process.env[pathName] ?? ""];
  const child = spawn(node, [...tool, ...first, ...args], {
    cwd: project,
    // TensorFlow's start messages would appear among the command's.
    env: {
      TF_CPP_MIN_LOG_LEVEL: "2",
      ...(serves === true ? serverEnvironment : {}),
      ...process.env,
      ...provided,
      ...(takesPaths === true ? { ECTOPY_CALLER_FOLDER: callerFolder() } : {}),
      [pathName]: folders.join(delimiter),
    },
    stdio: "inherit",
  });
  const handlers = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]).map((signal) => {
    // A terminal sends Ctrl-C to the child too; a second signal would make it end at once.
    const handler = () => void (signal === "SIGINT" && process.stdin.isTTY ? undefined : child.kill(signal));
    process.on(signal, handler);
    return { signal, handler };
  });
  child.on("error", (error) => {
    say(`${node} could not be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.on("exit", (status, signal) => {
    for (const each of handlers) process.off(each.signal, each.handler);
    if (signal === null) process.exitCode = status ?? 1;
    else process.kill(process.pid, signal);
  });
}

/** Returns the caller's folder: npm changes to the project's folder and keeps the caller's in INIT_CWD. */
function callerFolder() {
  const { npm_lifecycle_event: byNpm, INIT_CWD: caller } = process.env;
  return byNpm !== undefined && caller !== undefined ? caller : process.cwd();
}
