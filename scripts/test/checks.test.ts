import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { staticChecks } from "./checks.ts";

const folder = mkdtempSync(join(tmpdir(), "ectopy checks-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

write("src/contract/names.ts", "export const names = [];");
write("src/main/start.ts", 'import { names } from "../contract/names.ts";');
write("src/renderer/page.vue", '<script setup lang="ts">import { names } from "../contract/names.ts";</script>');
write("tests/support/app.ts", "export {};");

const checks = staticChecks(folder).filter(({ part }) => part === "types");
const hashes = () => checks.map(({ remember }) => [...remember!.hashes(folder).values()].join());

/** Returns the checks that run again after a change. */
function repeatedAfter(change: () => void): string[] {
  const before = hashes();
  change();
  const after = hashes();
  return checks.filter((_, i) => after[i] !== before[i]).map(({ name }) => name.replace("types: tsconfig.", ""));
}

describe("types that passed are checked again", () => {
  it("after a change of a file that the check includes or imports, in no other check", () => {
    expect(repeatedAfter(() => {})).toEqual([]);
    expect(repeatedAfter(() => write("src/main/start.ts", "export {};"))).toEqual(["node.json"]);
    expect(repeatedAfter(() => write("tests/support/app.ts", "export const a = 1;"))).toEqual(["node.json"]);
    expect(repeatedAfter(() => write("src/renderer/page.vue", "<template />"))).toEqual(["renderer.json"]);
    expect(repeatedAfter(() => write("src/contract/names.ts", "export const names = [1];"))).toHaveLength(4);
  });

  it("after a file was removed, or a global type, a package or a setting changed", () => {
    expect(repeatedAfter(() => rmSync(join(folder, "tests/support/app.ts")))).toEqual(["node.json"]);
    expect(repeatedAfter(() => write("src/globals.d.ts", "declare const a: number;"))).toHaveLength(4);
    expect(repeatedAfter(() => write("package-lock.json", "{}"))).toHaveLength(4);
    expect(repeatedAfter(() => write("tsconfig.base.json", "{}"))).toHaveLength(4);
  });
});
