/** Errors of the system on the shared folder, with a remedy that suits it: it is not the workspace. */
import { EctopyError } from "../../contract/domain/errors.ts";
import { systemError } from "../../contract/domain/system-errors.ts";

/** Returns the catalogue's error for a failed system call, or the value itself if a user can't act on it. */
export function sharedFolderError(error: unknown, path: string): unknown {
  const known = systemError(error, path);
  if (known === error || !(known instanceof EctopyError)) return known;
  const { code, message, cause } = known;
  if (code === "disk-full") {
    return new EctopyError(code, message, "Free some space on the shared disk. Runs continue from their checkpoints.", {
      cause,
    });
  }
  if (code === "no-access") {
    const fix = "Your user must be able to write to the shared folder, on this machine and on the others.";
    return new EctopyError(code, message, fix, { cause });
  }
  return known;
}
