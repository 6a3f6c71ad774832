/** Prepares the sample recordings for very short trainings, by the command line: two classes, few beats. */
import { join } from "node:path";
import { askEctopy } from "./command-line.ts";

/** Makes dataset 1 and preparation 1. @param folder that contains the workspace */
export async function prepareSmallSample(folder: string): Promise<void> {
  const workspace = { workspace: join(folder, "workspace") };
  const few = ["--class-map", "N=NLR,V=V", "--majority-cap", "300", "--balancing", "none"];
  await askEctopy(["sample"], workspace);
  await askEctopy(["prepare", "1", ...few], workspace);
}
