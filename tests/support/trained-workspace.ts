/** Makes a workspace with sample recordings and trained runs, by the command line, for tests of reports and exports. */
import { join } from "node:path";
import { openWorkspace } from "../../src/main/store/workspace.ts";
import { temporaryFolder, type CommandOptions } from "./command-line.ts";
import { makeWorkspace, SAMPLE } from "./shared-workspaces.ts";

/** A note that begins a spreadsheet formula and an HTML element, with every character that CSV must quote. */
export const HOSTILE_NOTES = `=HYPERLINK("http://example.invalid";"x"),\r\n<script>alert(1)</script> Größe ≥ 1`;

export interface TrainedWorkspace {
  options: CommandOptions;
  /** Folder for exports. */
  folder: string;
  remove: () => void;
}

/** Trains runs 1 to 3. Runs 1 and 2 differ in their seed and name only; the test set of run 3 contains synthetic beats. */
export async function trainedWorkspace(): Promise<TrainedWorkspace> {
  const { path, remove } = temporaryFolder();
  const options = { workspace: join(path, "workspace") };
  const short = ["--model", "ann", "--epochs", "2", "--steps-per-epoch", "20"];
  await makeWorkspace(options.workspace, [
    SAMPLE,
    ["prepare", "1"],
    ["prepare", "1", "--protocol", "reference"],
    ["train", "1", ...short, "--seed", "1"],
    ["train", "1", ...short, "--seed", "2"],
    ["train", "2", ...short, "--seed", "1"],
  ]);
  const workspace = openWorkspace(options.workspace, "write", (message) => {
    throw new Error(message);
  });
  workspace.remarks.set(1, { name: "First try", notes: HOSTILE_NOTES, tags: ["@first", "a,b"] });
  workspace.preparations.rename(1, "By beat");
  workspace.close();
  return { options, folder: path, remove };
}
