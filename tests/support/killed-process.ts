/** Kills a process of the project as `kill -9` or the system does: the process can't react to it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { pathToFileURL } from "node:url";

/**
 * Runs a step of a module in a separate process, waits until it printed something, and kills it.
 * @param module path of a source file; the step receives it as `module`
 * @param step in JavaScript; prints a line once it reached the state that the test needs
 * @param before called while the process still runs
 * @returns what it printed
 */
export async function killAfter(
  module: string,
  step: string,
  {
    environment = {},
    before = () => {},
  }: { environment?: Record<string, string>; before?: (printed: string) => void } = {},
): Promise<string> {
  const program = `const module = await import(${JSON.stringify(pathToFileURL(module).href)});
    setInterval(() => {}, 1000);
    ${step}`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  const [bytes] = (await Promise.race([once(child.stdout, "data"), ended.then(() => [Buffer.from("")])])) as [Buffer];
  const printed = bytes.toString().trim();
  try {
    before(printed);
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
  return printed;
}
