/** All fuzz targets, exported by the files of this folder. */
import type { Target } from "../target.ts";
import * as archives from "./archives.ts";
import * as documents from "./documents.ts";
import * as formats from "./formats.ts";
import * as messages from "./messages.ts";
import * as models from "./models.ts";
import * as recordings from "./recordings.ts";
import * as server from "./server.ts";
import * as servers from "./servers.ts";
import * as typed from "./typed.ts";
import * as workspace from "./workspace.ts";

const files: Readonly<Record<string, Readonly<Record<string, Target>>>> = {
  recordings,
  formats,
  archives,
  messages,
  documents,
  models,
  workspace,
  server,
  servers,
  typed,
};

export interface ListedTarget extends Target {
  /** Name of the file in this folder, without `.ts`: the only one that a worker thread loads. */
  file: string;
}

export const targets: readonly ListedTarget[] = Object.entries(files).flatMap(([file, exported]) =>
  Object.values(exported).map((target) => ({ ...target, file })),
);

/** @throws Error with the names of all targets */
export function findTarget(name: string): ListedTarget {
  const found = targets.find((target) => target.name === name);
  if (found) return found;
  throw new Error(`There is no target ${name}: ${targets.map((target) => target.name).join(", ")}.`);
}
