import fc from "fast-check";
import { join, posix, win32 } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { EctopyError } from "../../contract/domain/errors.ts";
import { callerPath, problemWithName, userPath } from "./user-path.ts";

const linux = { base: null, platform: "linux", home: "/home/anna" } as const;
const windows = { base: null, platform: "win32", home: "C:\\Users\\anna" } as const;

describe("a path from a user", () => {
  it.each([
    ["/data/mitdb", "/data/mitdb"],
    ["/data//mitdb/../afdb/", "/data/afdb"],
    ["~", "/home/anna"],
    ["~/mitdb", "/home/anna/mitdb"],
    [`/data/${"ä".repeat(127)}`, `/data/${"ä".repeat(127)}`],
    ["/data/nul", "/data/nul"],
  ])("is resolved: %j", (text, path) => {
    expect(userPath(text, linux)).toBe(path);
  });

  it.each([
    ["C:\\data\\mitdb", "C:\\data\\mitdb"],
    ["C:/data/mitdb", "C:\\data\\mitdb"],
    ["\\\\server\\share\\mitdb", "\\\\server\\share\\mitdb"],
    ["~\\mitdb", "C:\\Users\\anna\\mitdb"],
    ["~/mitdb", "C:\\Users\\anna\\mitdb"],
  ])("is resolved on Windows: %j", (text, path) => {
    expect(userPath(text, windows)).toBe(path);
  });

  it.each([
    ["recordings", /"recordings" is not a full path/],
    ["./recordings", /not a full path/],
    ["~anna/recordings", /not a full path/],
    ["", /not a full path/],
    ["/data/a\0b", /control character/],
    ["/data/a\nb", /control character/],
    [`/data/${"x".repeat(300)}`, /has 300 bytes; the limit is 255/],
    [`/data/${"ä".repeat(128)}`, /has 256 bytes/],
    [`/${"abc/".repeat(1100)}`, /longer than the system allows/],
  ])("is refused with a reason: %j", (text, message) => {
    expect(() => userPath(text, linux)).toThrow(EctopyError);
    expect(() => userPath(text, linux)).toThrow(message);
  });

  it.each([
    ["data\\mitdb", /not a full path/],
    ["C:\\data\\con", /name of a device/],
    ["C:\\data\\LPT1.txt\\x", /name of a device/],
    ["C:\\data\\what?", /character that Windows does not allow/],
    ["C:\\data\\file.dat:stream", /character that Windows does not allow/],
    ["C:\\data\\end. \\x", /ends in a dot or a space/],
    [`C:\\data\\${"ä".repeat(256)}`, /has 256 characters/],
  ])("is refused with a reason on Windows: %j", (text, message) => {
    expect(() => userPath(text, windows)).toThrow(message);
  });

  it("starts from the given base folder", () => {
    expect(userPath("mitdb", { ...linux, base: "/home/anna/studies" })).toBe("/home/anna/studies/mitdb");
    expect(userPath("../mitdb", { ...windows, base: "C:\\work" })).toBe("C:\\mitdb");
  });

  it("becomes a full path without control characters, or is refused, for any text", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string().map((end) => `/${end}`),
      fc.string().map((end) => `~/${end}`),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(linux, windows), (given, options) => {
        let path: string;
        try {
          path = userPath(given, options);
        } catch (error) {
          return error instanceof EctopyError && error.code === "usage";
        }
        const system = options.platform === "win32" ? win32 : posix;
        return system.isAbsolute(path) && !/\p{Cc}/u.test(path);
      }),
    );
  });
});

describe("a path on the command line", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("starts from the caller's working directory, which npm changes", () => {
    expect(callerPath("mitdb")).toBe(join(process.cwd(), "mitdb"));
    vi.stubEnv("ECTOPY_CALLER_FOLDER", join(process.cwd(), "elsewhere"));
    expect(callerPath("mitdb")).toBe(join(process.cwd(), "elsewhere", "mitdb"));
  });
});

it("gives the reason why a file cannot have a name", () => {
  expect(problemWithName("100.dat", "linux")).toBeNull();
  expect(problemWithName("x".repeat(255), "linux")).toBeNull();
  expect(problemWithName("x".repeat(256), "linux")).toContain("256 bytes");
  expect(problemWithName("aux.dat", "win32")).toContain("device");
});
