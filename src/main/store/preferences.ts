/** The user's settings for the whole app: a small JSON file where the system keeps such things, written whole or not at all. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { settingsSchema, type Settings } from "../../contract/settings/app-settings.ts";
import { systemError } from "../../contract/domain/system-errors.ts";
import { makePrivateFolder, writePrivateFile } from "../base/private-files.ts";
import { callerPath } from "../base/user-path.ts";

/** What a server lets one in by. */
const signInSchema = z.strictObject({
  address: z.string(),
  /** Null: by a token. */
  user: z.string().nullable(),
  /** Encrypted by the system's keychain, in base64: never in clear. */
  secret: z.string(),
});
export type StoredSignIn = z.infer<typeof signInSchema>;

/** In the same file, but no window's business. */
const storedSchema = settingsSchema.extend({ signIns: z.array(signInSchema).prefault([]) });

export class PreferenceStore {
  readonly path: string;

  constructor(path = settingsPath()) {
    this.path = path;
  }

  /** Where there is no file, or none that can be read, everything is as it comes. */
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
    const { signIns, ...settings } = storedSchema.parse(this.#readFile() ?? {});
    return { settings, signIns };
  }

  #readFile(): unknown {
    try {
      return storedSchema.safeParse(JSON.parse(readFileSync(this.path, "utf8"))).data;
    } catch {
      return undefined; // not there yet, or not ours: a choice of theme is no reason not to start
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

/** Folder that everything is kept in: as given, else `ECTOPY_WORKSPACE`, else as the settings have it, else `Ectopy` at home. */
export function chosenWorkspace(given?: string): string {
  const chosen = given ?? (process.env["ECTOPY_WORKSPACE"] || new PreferenceStore().read().workspace);
  return chosen === "" ? join(homedir(), "Ectopy") : callerPath(chosen);
}

/** Folder of the log of processes that own no workspace. */
export function appLogFolder(): string {
  return join(dirname(settingsPath()), "logs");
}

/** `ECTOPY_SETTINGS` names another file, such as one for tests. */
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
