/**
 * Time from the request of a training, which a click on Train sends, to the message about its first steps: the app,
 * served on this machine, on the sample.
 *
 *     node bench/first-step.ts [ann|cnn|lstm] [rounds]
 *
 * Prints the milliseconds of each round: until the training's process has loaded its backend, and until the first steps.
 * In the first round, the machine is not known yet: GPUs are listed, and the backend is chosen.
 */
import { execFileSync } from "node:child_process";
import { loadavg } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { defaultTraining } from "../src/contract/settings/defaults.ts";
import { networkNames } from "../src/contract/domain/training.ts";
import { startApp, temporaryApp } from "../tests/support/app.ts";
import { connect } from "../tests/support/socket-client.ts";
import { median } from "./statistics.ts";

const network = networkNames.find((name) => name === process.argv[2]) ?? "ann";
const rounds = Number(process.argv[3] ?? 6);

const { folder, remove } = temporaryApp();
for (const args of [["sample"], ["prepare", "1"]]) {
  const entry = join(import.meta.dirname, "../src/main/cli/ectopy.ts");
  const all = [entry, "--workspace", join(folder, "workspace"), "--json", ...args];
  execFileSync(process.execPath, all, { stdio: ["ignore", "ignore", "inherit"] });
}
const app = await startApp(folder);
const client = await connect(app.url, app.cookie);
const [preparation] = await client.call("preparations.list", {});

const loaded: number[] = [];
const stepped: number[] = [];
for (let round = 0; round < rounds; round++) {
  const began = performance.now();
  const { run } = await client.call("training.start", {
    preparation: preparation.id,
    settings: { ...defaultTraining(network), epochs: 1 },
  });
  const ofRun = (event: { run: number }): boolean => event.run === run;
  await client.until("run.logged", (event) => ofRun(event) && event.entry.message.startsWith("Device:"));
  loaded.push(performance.now() - began);
  await client.until("run.progress", ofRun);
  stepped.push(performance.now() - began);
  await client.call("training.stop", { run });
  for (;;) {
    const overview = await client.call("runs.overview", { run });
    if (overview?.status !== "running" && overview?.status !== "queued") break;
    await wait(50);
  }
}
client.socket.close();
await app.stop();
remove();

const list = (values: readonly number[]): string => values.map((value) => value.toFixed(0)).join(", ");
console.log(`Backend loaded (ms): ${list(loaded)}; median without the first ${median(loaded.slice(1)).toFixed(0)}`);
console.log(`First steps (ms): ${list(stepped)}; median without the first ${median(stepped.slice(1)).toFixed(0)}`);
console.log(`Load of the machine: ${loadavg()[0].toFixed(1)}`);
