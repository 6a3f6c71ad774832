/**
 * `npm run dist`: makes the installers for this system in dist/. Arguments name targets, such as `deb`; `dir` makes the
 * folder that they would install. A deb needs a homepage: without ECTOPY_HOMEPAGE it is left out, or refused where it
 * is named.
 */
import { build, Platform } from "electron-builder";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { configuration, homepage } from "../electron-builder.config.ts";
import { buildApp } from "./build-app.ts";
import { chooseTargets } from "./installers/targets.ts";
import { electronFolder, provideElectron } from "./setup/electron.mjs";

const project = dirname(dirname(fileURLToPath(import.meta.url)));

const targets = chosenTargets();
if (targets === undefined) process.exit(2);
try {
  await provideElectron(project);
  await buildApp(project, (message) => console.error(message));
  const files = await build({
    projectDir: project,
    targets: Platform.current().createTarget(targets),
    config: { ...configuration, electronDist: electronFolder(project) },
    publish: "never",
  });
  for (const file of files) console.log(file);
} catch (error) {
  console.error(`No installers were made. ${messageOf(error)}`);
  console.error("The first time, Electron and the installers' tools are downloaded: check the network connection.");
  process.exitCode = 1;
}

/** Returns the targets to make; undefined, with a message, where one of the arguments can't be made. */
function chosenTargets(): string[] | undefined {
  const options = {
    named: process.argv.slice(2),
    linux: configuration.linux.target,
    platform: process.platform,
    homepage,
  };
  try {
    return chooseTargets(options, (message) => console.error(message));
  } catch (error) {
    console.error(`No installers were made. ${messageOf(error)}`);
    return undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
