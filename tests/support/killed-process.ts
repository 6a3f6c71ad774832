/** A process of the project's own that is killed without a chance to say a word, as by `kill -9` or the system. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { pathToFileURL } from "node:url";

/**
 * Runs a step of a module in a process of its own, waits until it has printed something, and kills it.
 * @param module path of a source file; the step knows it as `module`
 * @param step in JavaScript; prints a line once it has done what the test needs
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
