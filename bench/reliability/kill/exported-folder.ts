/** Exports into a folder: after a kill the folder is complete, the previous or the new one; after the next export it equals an
 * undisturbed one. */
import { cpSync, existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "../findings.ts";
import { hashesOf } from "../workspace-state.ts";
import type { TemplateWorkspace } from "./template-workspace.ts";
import { FIRST_ATTEMPT, type Outside } from "./operation.ts";

/** SHA-256, or the size, of each file by its path. */
type Contents = Record<string, string>;

/** The last written file of an export, which names its state. */
const STAMP = ".ectopy-export";
/** Incomplete exports, and renamed previous ones. */
const ASIDE = /(^|\/)\.(incoming-|[^/]*\.ectopy-(new|old)-)/;

/** @param folder path of the export below `out`; a star matches the only folder */
export function exportedFolder(template: TemplateWorkspace, name: string, folder: string): Outside {
  const old = `${template.round}-old-${name}`;
  /** Files that differ each time, such as those that contain the time: their sizes are compared. */
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
  const isAs = (path: string, ...expected: Contents[]): boolean => {
    const found = JSON.stringify(contents(path));
    return expected.some((each) => JSON.stringify(each) === found);
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
        // Between two renames, the previous export is complete under another name; the next export renames it back.
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
