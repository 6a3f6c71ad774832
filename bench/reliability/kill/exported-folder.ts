/** Exports into a folder: after a kill the folder is whole, the former or the new; after the next export it is as if undisturbed. */
import { cpSync, existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "../findings.ts";
import { hashesOf } from "../workspace-state.ts";
import type { Mother } from "./mother.ts";
import { FIRST_ATTEMPT, type Outside } from "./operation.ts";

/** SHA-256, or the size, of each file by its path. */
type Contents = Record<string, string>;

/** Written last of all files of an export: names its state. */
const STAMP = ".ectopy-export";
/** Half-written exports, and such as were renamed away. */
const ASIDE = /(^|\/)\.(incoming-|[^/]*\.ectopy-(new|old)-)/;

/** @param folder where the export comes to lie below `out`; a star stands for the one folder there is */
export function exportedFolder(mother: Mother, name: string, folder: string): Outside {
  const old = `${mother.round}-old-${name}`;
  /** Files that are others each time, such as those with the time in them: their sizes are compared. */
  let varying = new Set<string>();
  let [undisturbed, undisturbedOut]: Contents[] = [{}, {}];
  /** Of the former export that the round began with. */
  let former: Contents | null = null;

  const contents = (path: string): Contents =>
    Object.fromEntries(
      Object.entries(hashesOf(path)).map(([file, hash]) => [
        file,
        varying.has(file.split("/").at(-1)!) ? `${statSync(join(path, file)).size} bytes` : hash,
      ]),
    );
  const isAs = (path: string, ...wanted: Contents[]): boolean => {
    const found = JSON.stringify(contents(path));
    return wanted.some((each) => JSON.stringify(each) === found);
  };
  const asideIn = (out: string): string[] =>
    readdirSync(out, { recursive: true, encoding: "utf8" }).filter((path) => ASIDE.test(path));

  return {
    prepare: ({ out }, variant) => {
      former = null;
      if (variant < 0.5 || !existsSync(old)) return;
      cpSync(old, out, { recursive: true });
      former = contents(find(out, folder)!);
    },
    remember: ({ out }, attempt) => {
      if (attempt === FIRST_ATTEMPT) {
        undisturbedOut = contents(out);
      } else {
        const second = contents(out);
        const differ = Object.keys(second).filter((file) => second[file] !== undisturbedOut[file]);
        varying = new Set(differ.map((file) => file.split("/").at(-1)!));
        undisturbed = contents(find(out, folder)!);
        undisturbedOut = contents(out);
        // As another version of Ectopy wrote it: the next export replaces it.
        cpSync(out, old, { recursive: true });
        writeFileSync(join(find(old, folder)!, STAMP), "of another state");
      }
      return Promise.resolve();
    },
    afterKill: ({ out }) => {
      const path = find(out, folder);
      if (path === null) {
        // Between two renames the former export lies beside its place, whole; the next export puts it back.
        const whole = asideIn(out).some((each) => former !== null && isAs(join(out, each), former));
        return former === null || whole ? [] : [{ kind: "lost", text: "the former export is gone" }];
      }
      if (isAs(path, undisturbed, ...(former === null ? [] : [former]))) return [];
      return [{ kind: "not whole", text: `${path} is neither the former export nor the new one` }];
    },
    afterAgain: ({ out }) => {
      const left = asideIn(out).map((path): Finding => ({ kind: "leftovers", text: join(out, path) }));
      const equal = left.length > 0 || isAs(out, undisturbedOut);
      const text = `${out} is not what an undisturbed export writes`;
      return Promise.resolve(equal ? left : [{ kind: "not equal", text }]);
    },
  };
}

/** The place of an export, once there is one. */
function find(out: string, folder: string): string | null {
  let path = out;
  for (const step of folder.split("/")) {
    const names = existsSync(path) ? readdirSync(path, { withFileTypes: true }) : [];
    const [only] = names.filter((entry) => entry.isDirectory() && !/^\.|^datasets$/.test(entry.name));
    const next = step === "*" ? only?.name : step;
    if (next === undefined || !existsSync(join(path, next))) return null;
    path = join(path, next);
  }
  return path;
}
