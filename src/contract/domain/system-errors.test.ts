import { describe, expect, it } from "vitest";
import { EctopyError, errorCodes } from "./errors.ts";
import { systemError, withSystemErrors } from "./system-errors.ts";

const failed = (code: string): Error => Object.assign(new Error(`${code}: write`), { code });

describe("systemError", () => {
  it.each([
    ["ENOSPC", "disk-full", 6],
    ["EDQUOT", "disk-full", 6],
    ["SQLITE_FULL", "disk-full", 6],
    ["EACCES", "no-access", 6],
    ["EROFS", "no-access", 6],
    ["SQLITE_READONLY", "no-access", 6],
    ["SQLITE_IOERR_SHMSIZE", "disk-full", 6],
    ["SQLITE_IOERR_READ", "no-access", 6],
    ["EIO", "no-access", 6],
    ["ENOENT", "not-found", 3],
    ["ELOOP", "not-found", 3],
    ["ENAMETOOLONG", "usage", 2],
    ["EISDIR", "damaged-file", 4],
  ])("translates %s into %s, with path and cause", (code, expected, status) => {
    const cause = failed(code);
    const error = systemError(cause, "the model in runs/7") as EctopyError;
    expect(error).toBeInstanceOf(EctopyError);
    expect(error).toMatchObject({ code: expected, cause });
    expect(error.message).toContain("the model in runs/7");
    expect(error.fix).not.toBe("");
    expect(errorCodes[error.code]).toBe(status);
  });

  it("names a NUL character in a path", () => {
    const cause = Object.assign(new TypeError("must be a string without null bytes"), {
      code: "ERR_INVALID_ARG_VALUE",
    });
    expect(systemError(cause, "the folder x")).toMatchObject({ code: "usage", cause });
  });

  it("returns errors that a user can't act on unchanged", () => {
    for (const other of [
      failed("EBADF"),
      failed("ERR_INVALID_ARG_VALUE"),
      new TypeError("x is undefined"),
      "text",
      undefined,
    ]) {
      expect(systemError(other, "x")).toBe(other);
    }
  });

  it("is thrown for a failed step, and returns the value of a successful one", async () => {
    await expect(withSystemErrors("x", () => Promise.reject(failed("ENOSPC")))).rejects.toThrow(/No space is left/);
    expect(await withSystemErrors("x", () => 7)).toBe(7);
  });
});
