import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { EctopyError } from "../../contract/domain/errors.ts";
import { faultText, withoutPaths } from "./log-text.ts";

describe("a fault in the log", () => {
  it("gives the code of an expected error, without its message", () => {
    const error = new EctopyError("damaged-file", "Record Smith_John in /data/Smith is cut short.", "Copy it again.");
    expect(faultText(error)).toBe("damaged-file");
  });

  it("gives code and call of a system error, also as a cause", () => {
    const cause = Object.assign(new Error("ENOSPC: no space left on device, write '/data/Smith'"), {
      code: "ENOSPC",
      syscall: "write",
    });
    const error = new EctopyError("disk-full", "No space for /data/Smith.", "Free some.", { cause });
    expect(faultText(error)).toBe("disk-full\ncaused by ENOSPC (write)");
  });

  it("leaves out the text of a file that a parser quotes", () => {
    let thrown: unknown;
    try {
      JSON.parse("John Smith, 69");
    } catch (error) {
      thrown = error;
    }
    const text = faultText(thrown);
    expect(text).toContain("SyntaxError: ");
    expect(text).not.toContain("John");
    expect(text).toContain("log-text.test.ts");
  });

  it("keeps the name of the property that a bug is about", () => {
    expect(faultText(new TypeError("Cannot read properties of undefined (reading 'beats')"))).toContain("'beats'");
  });
});

describe("a text without paths", () => {
  it("replaces paths of every system, quoted or not", () => {
    const text =
      "open '/home/ana maria/x.dat' and /srv/smith/100.hea: C:\\Users\\ana\\y, \\\\host\\share file:///a/b (~/z)";
    expect(withoutPaths(text)).toBe("open 'PATH' and PATH: PATH, PATH PATH (PATH)");
  });

  it("keeps Ectopy's own files, fractions and rates", () => {
    const here = fileURLToPath(import.meta.url);
    expect(withoutPaths(`at f (${here}:3:1), epoch 3/10, 12 beats/s, node:internal/timers:1`)).toBe(
      "at f (src/main/base/log-text.test.ts:3:1), epoch 3/10, 12 beats/s, node:internal/timers:1",
    );
  });
});
