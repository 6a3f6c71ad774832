import { describe, expect, it } from "vitest";
import { executorSchema, type ExecutorOf } from "../../../contract/domain/executors.ts";
import { planWorkers } from "./worker-plan.ts";
import { slurmScript } from "./slurm.ts";

const slurm = (fields: object = {}): ExecutorOf<"slurm"> =>
  executorSchema.parse({
    name: "cluster1",
    kind: "slurm",
    folder: "/shared",
    command: "/opt/ectopy",
    ...fields,
  }) as ExecutorOf<"slurm">;

describe("the script of a Slurm job", () => {
  it("has one task for each run, and limits those at the same time", () => {
    const script = slurmScript(slurm({ workers: 4, threads: 2 }), planWorkers(slurm(), "/shared/e-1", 12));
    expect(script).toMatch(/^#!\/bin\/bash\n#SBATCH /);
    expect(script).toContain("\n#SBATCH --array=1-12%4\n");
    expect(script).toContain("\n#SBATCH --cpus-per-task=2\n");
    expect(script).toContain("\n/opt/ectopy worker /shared/e-1 &\n");
  });

  it("quotes folders for the shell and for Slurm", () => {
    const script = slurmScript(slurm(), planWorkers(slurm({ folderThere: "/my data/50%" }), "/shared/it's", 1));
    expect(script).toContain(`\n#SBATCH --output="/my data/50%%/it's/logs/slurm-%A_%a.log"\n`);
    expect(script).toContain(`\n/opt/ectopy worker '/my data/50%/it'\\''s' &\n`);
  });

  it("refuses options that are none, and hosts that are options", () => {
    expect(executorSchema.safeParse({ ...slurm(), options: ["--partition=cpu"] }).success).toBe(true);
    expect(executorSchema.safeParse({ ...slurm(), options: ["--wrap=x\nrm"] }).success).toBe(false);
    expect(executorSchema.safeParse({ ...slurm(), options: ["cpu"] }).success).toBe(false);
    expect(executorSchema.safeParse({ ...slurm(), host: "-oProxyCommand=x" }).success).toBe(false);
  });
});
