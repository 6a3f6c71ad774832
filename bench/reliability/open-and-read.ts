/** Opens a workspace as the next process does, and returns its content. */
import { sweepTemporary } from "../../src/main/base/temporary.ts";
import { openWorkspace } from "../../src/main/store/workspace.ts";
import { readState, type WorkspaceState } from "./workspace-state.ts";

/**
 * @param place.temporary the folder for temporary files
 * @param warn receives the warnings of the opening
 * @throws the errors of the opening
 */
export function openAndRead(
  { workspace, temporary }: { workspace: string; temporary: string },
  warn: (message: string) => void = () => {},
): WorkspaceState {
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = temporary;
  try {
    const opened = openWorkspace(workspace, "write", warn);
    // A command that writes does this too.
    sweepTemporary(workspace)();
    opened.close();
    return readState(workspace);
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
}
