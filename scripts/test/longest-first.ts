/**
 * The order of the test files: the longest first, so that all workers are busy to the end. The seconds are those of the
 * latest run, in any copy of the project: they are in the user's cache folder.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { z } from "zod";
import { cacheFolder } from "../setup/cache.mjs";

const project = join(import.meta.dirname, "../..");
const secondsSchema = z.record(z.string(), z.number());

/** Seconds by path of a test file, relative to the project. */
export type FileSeconds = Record<string, number>;

export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const seconds = readFileSeconds();
    // Without known seconds, vitest's order remains: failed files first, then the largest.
    const ordered = await super.sort(files);
    return orderFiles(ordered, (file) => ({
      seconds: seconds[pathOf(file)],
      sharesProcess: !file.project.config.isolate,
    }));
  }
}

/**
 * Orders unknown files first, then the longest. Files that share processes are last, together: a process ends with
 * another kind.
 */
export function orderFiles<File>(
  files: readonly File[],
  describe: (file: File) => { seconds: number | undefined; sharesProcess: boolean },
): File[] {
  const keys = new Map(files.map((file) => [file, describe(file)]));
  const last = (file: File): number => (keys.get(file)!.sharesProcess ? 1 : 0);
  const length = (file: File): number => keys.get(file)!.seconds ?? Number.MAX_VALUE;
  return [...files].sort((a, b) => last(a) - last(b) || length(b) - length(a));
}

/** Stores the seconds of a run beside those of other files. */
export function storeFileSeconds(measured: FileSeconds, path = secondsFile()): void {
  const partial = `${path}.${process.pid}.partial`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(partial, JSON.stringify({ ...readFileSeconds(path), ...measured }));
  renameSync(partial, path);
}

/** Returns the stored seconds; none where the file is missing or damaged. */
export function readFileSeconds(path = secondsFile()): FileSeconds {
  try {
    return secondsSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return {};
  }
}

function pathOf({ moduleId }: TestSpecification): string {
  return moduleId.slice(project.length + 1).replaceAll("\\", "/");
}

function secondsFile(): string {
  return join(cacheFolder(project), "checks", "test-seconds.json");
}
