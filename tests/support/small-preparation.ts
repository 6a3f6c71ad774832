/** Prepares the sample recordings for very short trainings: two classes, few beats. */
import { join } from "node:path";
import { makeMeasuredWorkspace, SAMPLE } from "./shared-workspaces.ts";

/** Makes dataset 1 and preparation 1. @param folder that contains the workspace */
export async function prepareSmallSample(folder: string): Promise<void> {
  const few = ["--class-map", "N=NLR,V=V", "--majority-cap", "300", "--balancing", "none"];
  await makeMeasuredWorkspace(join(folder, "workspace"), [SAMPLE, ["prepare", "1", ...few]]);
}
