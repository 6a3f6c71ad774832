/** Where the window stood: kept from one start to the next, and not used where no screen shows it any more. */
import { screen, type Rectangle } from "electron";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { makePrivateFolder, writePrivateFile } from "../base/private-files.ts";
import { logger } from "../base/logger.ts";

const log = logger("shell");

const stateSchema = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(400).max(20_000),
  height: z.int().min(300).max(20_000),
  maximised: z.boolean(),
});
export type WindowState = z.infer<typeof stateSchema>;

/** So much of it must be on a screen to be found again, in pixels. */
const SEEN = 100;

export class WindowStates {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Null at the first start, and where it would not be seen. */
  read(): WindowState | null {
    try {
      const state = stateSchema.parse(JSON.parse(readFileSync(this.#path, "utf8")));
      return screen.getAllDisplays().some(({ workArea }) => overlaps(state, workArea)) ? state : null;
    } catch {
      return null;
    }
  }

  write(state: WindowState): void {
    try {
      makePrivateFolder(dirname(this.#path));
      writePrivateFile(this.#path, JSON.stringify(state));
    } catch (error) {
      log.warning("The window's position could not be stored", error);
      // Next time it stands where it stands by itself.
    }
  }
}

function overlaps(a: Rectangle, b: Rectangle): boolean {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width >= SEEN && height >= SEEN;
}
