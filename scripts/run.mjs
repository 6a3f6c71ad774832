/**
 * Runs a task of scripts/tasks.mjs with Node 24, after setting up what it needs: `node scripts/run.mjs TASK [arguments]`.
 *
 * Plain JavaScript without packages, for Node 20 and later: this is what runs on a machine where nothing is installed yet. When
 * everything is set up, the look costs a few milliseconds and says nothing. Set-up messages go to stderr, never to stdout.
 */
import { spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { serverEnvironment } from "./server-environment.mjs";
import { nodePath } from "./setup/node.mjs";
import { say, SetupError } from "./setup/report.mjs";
import { setUp } from "./setup/steps.mjs";
import { programOf } from "./setup/tools.mjs";
import { tasks } from "./tasks.mjs";

const project = dirname(dirname(fileURLToPath(import.meta.url)));

const [name = "", ...args] = process.argv.slice(2);
const task = tasks[name];
if (task === undefined) {
  say(`There is no task "${name}". There are: ${Object.keys(tasks).join(", ")}.`);
  process.exit(2);
}

try {
  const named = task.program === undefined && args.length > 0 ? ["packages", "node", ...args] : task.needs;
  const { env, missing } = await setUp(project, named);
  if (task.program === undefined) {
    say(missing.length === 0 ? "Everything is set up." : `Set up, but for ${missing.join(" and ")}.`);
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
 * Hands over to the command: its streams are ours, signals go to it, and its end is ours.
 *
 * @param {import("./tasks.mjs").Task} task
 * @param {Record<string, string>} provided
 */
function run({ program, args: first = [], serves, takesPaths }, provided) {
  const node = nodePath(project);
  const tool = program === "node" || program === undefined ? [] : [programOf(project, ...program)];
  // Windows spells it Path; a second spelling beside it would be ignored.
  const pathName = Object.keys(process.env).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  const folders = [dirname(node), join(project, "node_modules", ".bin"), process.env[pathName] ?? ""];
  const child = spawn(node, [...tool, ...first, ...args], {
    cwd: project,
    // TensorFlow would write its greetings among the command's messages.
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
    // Ctrl-C in a terminal reaches the child by itself; twice would mean "at once" to it.
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

/** npm itself changes to the project's folder, and says where the caller stood. */
function callerFolder() {
  const { npm_lifecycle_event: byNpm, INIT_CWD: caller } = process.env;
  return byNpm !== undefined && caller !== undefined ? caller : process.cwd();
}
