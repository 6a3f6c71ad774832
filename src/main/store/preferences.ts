/** Settings of the app: a small JSON file in the system's folder for settings, written completely or not at all. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { settingsSchema, type Settings } from "../../contract/settings/app-settings.ts";
import { systemError } from "../../contract/domain/system-errors.ts";
import { makePrivateFolder, writePrivateFile } from "../base/private-files.ts";
import { callerPath } from "../base/user-path.ts";

/** Credentials for a server. */
const signInSchema = z.strictObject({
  address: z.string(),
  /** User name; null for a token. */
  user: z.string().nullable(),
  /** Password or token, encrypted by the system's keychain, in base64; never in plain text. */
  secret: z.string(),
});
export type StoredSignIn = z.infer<typeof signInSchema>;

/** Content of the file: the settings, and the credentials, which are not sent to a window. */
const storedSchema = settingsSchema.extend({
  signIns: z.array(signInSchema).prefault([]),
  /** Benchmarks, which earlier versions stored here. */
  speeds: z.unknown().optional(),
});

export class PreferenceStore {
  readonly path: string;

  constructor(path = settingsPath()) {
    this.path = path;
  }

  /** Returns the settings; the defaults if there is no readable file. */
  read(): Settings {
    return this.#readAll().settings;
  }

  /** @throws EctopyError `disk-full`, `no-access` */
  write(settings: Settings): void {
    this.#writeAll({ ...settings, signIns: this.readSignIns() });
  }

  readSignIns(): StoredSignIn[] {
    return this.#readAll().signIns;
  }

  /** @throws EctopyError `disk-full`, `no-access` */
  writeSignIns(signIns: StoredSignIn[]): void {
    this.#writeAll({ ...this.read(), signIns });
  }

  #readAll(): { settings: Settings; signIns: StoredSignIn[] } {
    const stored = storedSchema.parse(this.#readFile() ?? {});
    delete stored.speeds;
    const { signIns, ...settings } = stored;
    return { settings, signIns };
  }

  #readFile(): unknown {
    try {
      return storedSchema.safeParse(JSON.parse(readFileSync(this.path, "utf8"))).data;
    } catch {
      return undefined; // Missing or damaged: lost settings must not prevent the start.
    }
  }

  #writeAll(stored: z.infer<typeof storedSchema>): void {
    try {
      makePrivateFolder(dirname(this.path));
      writePrivateFile(this.path, `${JSON.stringify(stored, null, 2)}\n`);
    } catch (error) {
      throw systemError(error, `the settings in ${this.path}`);
    }
  }
}

/**
 * Returns the workspace folder: the given one, else `ECTOPY_WORKSPACE`, else the one of the settings, else `~/Ectopy`.
 */
export function chosenWorkspace(given?: string): string {
  const chosen = given ?? (process.env["ECTOPY_WORKSPACE"] || new PreferenceStore().read().workspace);
  return chosen === "" ? join(homedir(), "Ectopy") : callerPath(chosen);
}

/** Returns the folder of the log of processes that own no workspace. */
export function appLogFolder(): string {
  return join(dirname(settingsPath()), "logs");
}

/** Returns the path of the settings; `ECTOPY_SETTINGS` names another file, such as one for tests. */
function settingsPath(): string {
  const given = process.env["ECTOPY_SETTINGS"];
  return given !== undefined && given !== "" ? given : join(settingsFolder(), "Ectopy", "settings.json");
}

function settingsFolder(): string {
  switch (process.platform) {
    case "win32":
      return process.env["APPDATA"] ?? join(homedir(), "AppData", "Roaming");
    case "darwin":
      return join(homedir(), "Library", "Application Support");
    default:
      return process.env["XDG_CONFIG_HOME"] || join(homedir(), ".config");
  }
}
