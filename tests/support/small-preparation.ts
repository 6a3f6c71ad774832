/** The sample, prepared for trainings that are over at once: two classes, few beats. By the command line. */
import { join } from "node:path";
import { askEctopy } from "./command-line.ts";

/** Dataset 1 and preparation 1. @param folder in which the workspace is */
export async function prepareSmallSample(folder: string): Promise<void> {
  const workspace = { workspace: join(folder, "workspace") };
  const few = ["--class-map", "N=NLR,V=V", "--majority-cap", "300", "--balancing", "none"];
  await askEctopy(["sample"], workspace);
  await askEctopy(["prepare", "1", ...few], workspace);
}
