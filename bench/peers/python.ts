/**
 * The Python that runs the peers: $ECTOPY_PEERS, else $ECTOPY_PYTHON, else the one of `npm run setup -- python`, else
 * `python3`. It needs the packages of bench/peers/requirements.txt.
 */
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readStamp } from "../../scripts/setup/stamps.mjs";

const folder = dirname(fileURLToPath(import.meta.url));
const project = dirname(dirname(folder));

/**
 * Returns the Python and the full path of a script of this folder.
 * @throws Error where the Python lacks one of `modules`
 */
export function peerProgram(name: string, modules: readonly string[]): { python: string; script: string } {
  const { ECTOPY_PEERS, ECTOPY_PYTHON } = process.env;
  const python = ECTOPY_PEERS ?? ECTOPY_PYTHON ?? readStamp(project, "python")["path"] ?? "python3";
  const find = `import importlib.util as u, sys; sys.exit(" ".join(m for m in sys.argv[1:] if u.find_spec(m) is None) or 0)`;
  const { status, stderr, error } = spawnSync(python, ["-c", find, ...modules], { encoding: "utf8" });
  if (status !== 0) {
    const problem =
      error === undefined ? `${python} lacks ${stderr.trim()}` : `${python} does not run: ${error.message}`;
    throw new Error(
      `${problem}. Make an environment and name it:\n  python3 -m venv peers && peers/bin/pip install -r bench/peers/requirements.txt\n` +
        "  export ECTOPY_PEERS=$PWD/peers/bin/python",
    );
  }
  return { python, script: join(folder, name) };
}
