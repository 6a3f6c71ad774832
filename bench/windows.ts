/**
 * Steps by the addon for Windows under Wine beside those on Linux, on the same machine: `node bench/windows.ts [ROUNDS]
 * [NETWORK…]`. Needs `npm run setup -- windows`. Linux runs the addon of the set-up, and that of the same compiler as
 * the one for Windows. Each round runs every side once, on one thread; medians over the rounds are compared. A ratio
 * above 1: Windows is faster.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { networkNames } from "../src/contract/domain/training.ts";
import { findCpuAddon } from "../src/engine/backends/cpu.ts";
import { provideEngine } from "../scripts/setup/engine-systems.mjs";
import { makeWindows } from "../tests/support/windows.ts";
import { median } from "./statistics.ts";

interface StepTime {
  clock: number;
  processor: number;
}

const project = join(import.meta.dirname, "..");
const PROGRAM = "bench/plan-step.ts";
const [rounds = "5", ...named] = process.argv.slice(2);
process.env["ECTOPY_KERNEL_THREADS"] = "1";
const networks = named.length > 0 ? named : networkNames;
const addons = { installed: findCpuAddon()!, zig: await provideEngine(project, "linux-x64") };
const windows = makeWindows();

const onLinux = (addon: string, network: string): StepTime =>
  JSON.parse(
    execFileSync(process.execPath, [join(project, PROGRAM), addon, network], { encoding: "utf8" }),
  ) as StepTime;
async function onWindows(network: string): Promise<StepTime> {
  const { status, stdout, stderr } = await windows.start(PROGRAM, ["installed", network]).ended;
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as StepTime;
}

try {
  for (const network of networks) {
    const times: Record<"windows" | "installed" | "zig", StepTime[]> = { windows: [], installed: [], zig: [] };
    for (let round = 0; round < Number(rounds); round++) {
      times.windows.push(await onWindows(network));
      times.installed.push(onLinux(addons.installed, network));
      times.zig.push(onLinux(addons.zig, network));
    }
    for (const kind of ["processor", "clock"] as const) {
      const of = (side: keyof typeof times): number => median(times[side].map((time) => time[kind]));
      const ratios = (["installed", "zig"] as const).map((side) => `${side} ${(of(side) / of("windows")).toFixed(2)}×`);
      console.log(`${network}  ${kind} time of Linux against Windows: ${ratios.join(", ")}`);
    }
  }
} finally {
  await windows.remove();
}
