import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { orderFiles, readFileSeconds, storeFileSeconds } from "./longest-first.ts";

const folder = mkdtempSync(join(tmpdir(), "ectopy seconds-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("orderFiles", () => {
  it("puts unknown files first, then the longest, and files that share processes last", () => {
    const files = [
      { name: "short", seconds: 1, sharesProcess: false },
      { name: "unit", seconds: 50, sharesProcess: true },
      { name: "long", seconds: 60, sharesProcess: false },
      { name: "new", seconds: undefined, sharesProcess: false },
      { name: "new unit", seconds: undefined, sharesProcess: true },
    ];
    const ordered = orderFiles(files, (file) => file).map(({ name }) => name);
    expect(ordered).toEqual(["new", "long", "short", "new unit", "unit"]);
  });

  it("keeps the order of unknown files", () => {
    const ordered = orderFiles(["b", "a", "c"], () => ({ seconds: undefined, sharesProcess: false }));
    expect(ordered).toEqual(["b", "a", "c"]);
  });
});

describe("stored seconds", () => {
  it("keep those of files that a run did not contain", () => {
    const path = join(folder, "new", "seconds.json");
    storeFileSeconds({ "a.test.ts": 1, "b.test.ts": 2 }, path);
    storeFileSeconds({ "b.test.ts": 3 }, path);
    expect(readFileSeconds(path)).toEqual({ "a.test.ts": 1, "b.test.ts": 3 });
  });

  it("are none where the file is damaged or missing", () => {
    const path = join(folder, "damaged.json");
    writeFileSync(path, '{"a.test.ts":"long"}');
    expect(readFileSeconds(path)).toEqual({});
    expect(readFileSeconds(join(folder, "missing.json"))).toEqual({});
  });
});
