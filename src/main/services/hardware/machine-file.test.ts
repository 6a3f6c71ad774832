import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { MachineFile } from "./machine-file.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "ectopy-machine-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("MachineFile", () => {
  it("remembers each key's value, from one opening to the next", () => {
    new MachineFile(folder).remember("a", { threads: 1 });
    new MachineFile(folder).remember("b", { threads: 2 });
    const file = new MachineFile(folder);
    const schema = z.object({ threads: z.int() });
    expect(file.find("a", schema)).toEqual({ threads: 1 });
    expect(file.find("b", schema)).toEqual({ threads: 2 });
    expect(file.find("c", schema)).toBeUndefined();
    expect(file.find("toString", z.unknown())).toBeUndefined();
    expect(readdirSync(folder)).toEqual(["machine.json"]);
  });

  it.for(["", "{", "[1]", "null", '{"a": {"threads": "many"}}'])("finds nothing in %j, and mends it", (text) => {
    writeFileSync(join(folder, "machine.json"), text);
    const file = new MachineFile(folder);
    const schema = z.object({ threads: z.int() });
    expect(file.find("a", schema)).toBeUndefined();
    file.remember("a", { threads: 3 });
    expect(file.find("a", schema)).toEqual({ threads: 3 });
  });

  it("ignores a failed write", () => {
    const file = new MachineFile(join(folder, "missing"));
    file.remember("a", 1);
    expect(file.find("a", z.number())).toBeUndefined();
  });
});
