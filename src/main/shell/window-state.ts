/** Position of the window, stored between starts, and ignored where no screen shows it any more. */
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

/** Least visible part of the window. */
const MIN_VISIBLE_PX = 100;

export class WindowStates {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Returns null at the first start, and where no screen would show the window. */
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
    }
  }
}

function overlaps(a: Rectangle, b: Rectangle): boolean {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width >= MIN_VISIBLE_PX && height >= MIN_VISIBLE_PX;
}
