/**
 * `npm run dist`: installers of this system, in dist/. Words after `npm run dist --` name some of its targets, such as `deb`; `dir`
 * makes the folder that they would install.
 */
import { build, Platform } from "electron-builder";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { configuration } from "../electron-builder.config.ts";
import { buildApp } from "./build-app.ts";
import { electronFolder, provideElectron } from "./setup/electron.mjs";

const project = dirname(dirname(fileURLToPath(import.meta.url)));

try {
  await provideElectron(project);
  await buildApp(project, (message) => console.error(message));
  const files = await build({
    projectDir: project,
    targets: Platform.current().createTarget(process.argv.slice(2)),
    config: { ...configuration, electronDist: electronFolder(project) },
    publish: "never",
  });
  for (const file of files) console.log(file);
} catch (error) {
  console.error(`No installers were made. ${error instanceof Error ? error.message : String(error)}`);
  console.error(
    "They need a network connection the first time: Electron and the installers' tools come from their makers.",
  );
  process.exitCode = 1;
}
