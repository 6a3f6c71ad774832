/**
 * Runs the Python with the reference tools, for interop tests. The set-up installs it and names it in ECTOPY_PYTHON.
 */
import { spawn } from "node:child_process";

/** Path of the program. Undefined: a test skips itself with the reason. */
export const python: string | undefined = process.env["ECTOPY_PYTHON"];

/** Runs a script that reads JSON from standard input and writes JSON to standard output. */
export async function askPython<Answer>(
  script: string,
  question: unknown,
  args: readonly string[] = [],
): Promise<Answer> {
  if (python === undefined) throw new Error("ECTOPY_PYTHON is not set.");
  const child = spawn(python, ["-c", script, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  child.stdin.end(JSON.stringify(question));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (status !== 0) throw new Error(`Python ended with status ${status}:\n${errors}`);
  return JSON.parse(output) as Answer;
}
