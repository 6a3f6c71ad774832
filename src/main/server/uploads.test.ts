import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EctopyError } from "../../contract/domain/errors.ts";
import { Uploads } from "./uploads.ts";

let uploads: Uploads;
let upload: string;
beforeEach(async () => {
  uploads = new Uploads();
  upload = await uploads.begin();
});
afterEach(() => uploads.close());

const receive = (path: string, text = "text"): Promise<void> => uploads.receive(upload, path, Readable.from([text]));
/** The code of the error of receiving a file, which must be one of the catalogue. */
const refusal = (path: string): Promise<string> =>
  receive(path).then(
    () => "received",
    (error: unknown) => (error instanceof EctopyError ? error.code : String(error)),
  );

describe("Uploads", () => {
  it("keeps the first of two files of the same name", async () => {
    await receive("a/100.hea", "first");
    expect(await refusal("a/100.hea")).toBe("no-access");
    expect(readFileSync(join(await uploads.contents(upload), "100.hea"), "utf8")).toBe("first");
  });

  it("refuses a file where a folder is, and a folder where a file is, and keeps the existing one", async () => {
    await receive("a/100.hea");
    expect(await refusal("a")).toBe("no-access");
    expect(await refusal("a/100.hea/x")).toMatch(/^(not-found|no-access)$/);
    expect(readdirSync(await uploads.contents(upload))).toEqual(["100.hea"]);
  });

  it.each(["x".repeat(256), `db/${"é".repeat(128)}.hea`, "a\0b", "..", "a//b", "C:x", "a\\b"])(
    "refuses the name %j",
    async (name) => {
      expect(await refusal(name)).toBe("unsafe-path");
    },
  );

  it("receives the longest name that file systems take", async () => {
    await receive("x".repeat(255));
    const path = await uploads.contents(upload);
    expect(readFileSync(path, "utf8")).toBe("text");
  });

  it("removes a file that broke off", async () => {
    const broken = Readable.from(
      (function* () {
        yield "begun";
        throw new Error("broken off");
      })(),
    );
    await expect(uploads.receive(upload, "a.dat", broken)).rejects.toThrow("broken off");
    expect(readdirSync(await uploads.contents(upload))).toEqual([]);
  });
});
