/**
 * Runs several command lines one after another in this process, which saves the start of the others, and prints what
 * each wrote and its exit status. Arguments: `--workspace`, the folder, and the command lines as JSON.
 */
import { main } from "../../src/main/cli/program.ts";
import type { Ended } from "./ectopy-process.ts";

const [option, folder, commands] = process.argv.slice(2);
const { stdout, stderr } = process;
const print = stdout.write.bind(stdout);
const results: Ended[] = [];
for (const args of JSON.parse(commands) as string[][]) {
  const written = { stdout: "", stderr: "" };
  stdout.write = collector((text) => (written.stdout += text));
  stderr.write = collector((text) => (written.stderr += text));
  process.exitCode = undefined;
  const status = await main([option, folder, ...args]);
  results.push({ status, signal: null, ...written });
}
process.exitCode = 0;
print(JSON.stringify(results));

/** Returns a stream's `write` that passes the text on. */
function collector(add: (text: string) => void): typeof process.stdout.write {
  return (text: string | Uint8Array, ...rest: unknown[]) => {
    add(typeof text === "string" ? text : Buffer.from(text).toString());
    const done = rest.at(-1);
    if (typeof done === "function") (done as () => void)();
    return true;
  };
}
