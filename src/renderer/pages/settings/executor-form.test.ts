import { expect, it } from "vitest";
import type { Executor } from "../../../contract/domain/executors.ts";
import { executorOf, formOf } from "./executor-form.ts";

const common = { folder: "/shared", folderThere: "", threads: 2, command: "/opt/ectopy/ectopy" };
const executors: Executor[] = [
  {
    ...common,
    name: "slurm",
    kind: "slurm",
    host: "login",
    options: ["--partition=cpu", "--time=2:00:00"],
    workers: 0,
  },
  { ...common, name: "room", kind: "ssh", hosts: ["ws1", "me@ws2"] },
  { ...common, name: "k8s", kind: "launcher", launcher: "kubectl {worker}", workers: 4 },
];

it.each(executors)("keeps an executor of kind $kind", (executor) => {
  expect(executorOf(formOf(executor), [])).toEqual({ executor, problems: {} });
});

it("names the fields of a new executor that are empty", () => {
  const { executor, problems } = executorOf(formOf(null), []);
  expect(executor).toBeNull();
  expect(Object.keys(problems).sort()).toEqual(["command", "folder", "name"]);
});

it("refuses a host that ssh would take for an option, an option without dashes, and a name twice", () => {
  const [slurm, ssh] = executors.map(formOf) as [ReturnType<typeof formOf>, ReturnType<typeof formOf>];
  expect(executorOf({ ...ssh, hosts: "ws1 -oProxyCommand=x" }, []).problems.hosts).toContain("names of hosts");
  expect(executorOf({ ...slurm, options: "partition=cpu" }, []).problems.options).toContain("with its dashes");
  expect(executorOf(slurm, ["slurm"]).problems).toEqual({ name: "Another executor has this name." });
});
