/**
 * Time from `npm start` in a bare clone, with empty caches and with the system's Node, until the app is served.
 *
 *     node bench/start.ts 5
 *
 * Each round clones the committed sources into a temporary folder. Prints the seconds of the packages and until the
 * app's address, and the MB on disk of the clone and of the home folder. A round waits first: ext4 creates files slowly
 * for some seconds after many have been deleted.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { bytesIn } from "../scripts/setup/cache.mjs";
import { median } from "./statistics.ts";

const project = join(import.meta.dirname, "..");
const rounds = Number(process.argv[2] ?? 5);
const REST_MS = 40_000;

interface Measured {
  packages: number;
  open: number;
  clone: number;
  home: number;
}

const all: Measured[] = [];
for (let round = 0; round < rounds; round++) {
  if (round > 0) await wait(REST_MS);
  const folder = mkdtempSync(join(tmpdir(), "ectopy-start-"));
  try {
    const measured = await start(folder);
    all.push(measured);
    print(`round ${round + 1}`, measured);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
const medianOf = (key: keyof Measured): number => median(all.map((each) => each[key]));
print("median", {
  packages: medianOf("packages"),
  open: medianOf("open"),
  clone: medianOf("clone"),
  home: medianOf("home"),
});

async function start(folder: string): Promise<Measured> {
  const clone = join(folder, "clone");
  const home = join(folder, "home");
  mkdirSync(home);
  execFileSync("git", ["clone", "--quiet", project, clone]);
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  const child = spawn("npm", ["start"], {
    cwd: clone,
    env: { HOME: home, PATH: systemPath() },
    // A process group: npm does not forward a signal to the app's children.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let packages = 0;
  const ended = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  const open = await new Promise<number>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        if (packages === 0 && output.includes("Packages: done")) packages = seconds();
        if (output.includes("Ectopy is at")) resolve(seconds());
      });
    }
    void ended.then(() => reject(new Error(`npm start ended without an address:\n${output}`)));
  });
  if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
  await ended;
  return { packages, open, clone: bytesIn(clone) / 1e6, home: bytesIn(home) / 1e6 };
}

/** Returns PATH without the programs of packages: a new user has none. */
function systemPath(): string {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.filter((each) => !each.includes("node_modules")).join(delimiter);
}

function print(title: string, { packages, open, clone, home }: Measured): void {
  const sizes = `${clone.toFixed(0)} MB in the clone, ${home.toFixed(0)} MB in the home folder`;
  console.log(
    `${title}: packages after ${packages.toFixed(1)} s, open after ${open.toFixed(1)} s; ${sizes}; ` +
      `load ${loadavg()[0].toFixed(1)}`,
  );
}
