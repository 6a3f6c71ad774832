/**
 * Makes the content of an installer: electron-builder packs the app as for `npm run dist`, around a stand-in for
 * Electron's binary.
 */
import { extractAll, getRawHeader } from "@electron/asar";
import { build, Platform, type Configuration } from "electron-builder";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configuration } from "../../../electron-builder.config.ts";
import { buildApp } from "../../../scripts/build-app.ts";

const project = join(import.meta.dirname, "../../..");

export interface PackedFile {
  /** Path below the app, with `/`. */
  path: string;
  /** Whether the file is beside the archive, not in it. */
  unpacked: boolean;
}

export interface PackedApp {
  /** Fuses of the binary, each 1 or 0, in Electron's order (FuseV1Options of @electron/fuses). */
  fuses: string;
  files: PackedFile[];
  /** Extracts the app into a folder that Node can run. @returns the folder */
  layOut(): string;
  remove(): void;
}

/** Packs the app. Works on Linux only, where Electron is a folder of plain files. */
export async function packApp(): Promise<PackedApp> {
  const folder = mkdtempSync(join(tmpdir(), "ectopy-packed-"));
  await buildApp(project);
  const config: Configuration = {
    ...configuration,
    directories: { ...configuration.directories, output: join(folder, "dist") },
    electronDist: standInElectron(join(folder, "electron")),
  };
  const targets = Platform.current().createTarget("dir");
  await build({ projectDir: project, targets, config, publish: "never" });
  const unpacked = join(folder, "dist", "linux-unpacked");
  const archive = join(unpacked, "resources", "app.asar");
  return {
    fuses: fusesIn(join(unpacked, "ectopy")),
    files: filesIn(getRawHeader(archive).header),
    layOut: () => {
      const app = join(folder, "app");
      extractAll(archive, app);
      return app;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Precedes the fuses in Electron's binary. Their version, their number, and a digit for each follow. */
const FUSE_SENTINEL = "dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX";

/** Writes a stand-in for Electron's binary, with Electron's default fuses. */
function standInElectron(folder: string): string {
  mkdirSync(join(folder, "resources"), { recursive: true });
  const fuses = "10110001";
  writeFileSync(join(folder, "electron"), `${FUSE_SENTINEL}\x01${String.fromCharCode(fuses.length)}${fuses}`, "latin1");
  for (const name of ["LICENSE", "LICENSES.chromium.html"]) writeFileSync(join(folder, name), "");
  chmodSync(join(folder, "electron"), 0o755);
  return folder;
}

function fusesIn(binary: string): string {
  const bytes = readFileSync(binary, "latin1");
  const at = bytes.indexOf(FUSE_SENTINEL) + FUSE_SENTINEL.length;
  return bytes.slice(at + 2, at + 2 + bytes.charCodeAt(at + 1));
}

/** Entry of an archive's header: a folder or a file. */
interface Entry {
  files?: Record<string, Entry>;
  unpacked?: boolean;
}

function filesIn({ files }: Entry, above = ""): PackedFile[] {
  return Object.entries(files ?? {}).flatMap(([name, entry]) =>
    entry.files ? filesIn(entry, `${above}${name}/`) : [{ path: above + name, unpacked: entry.unpacked === true }],
  );
}
