/** The form of an executor: its fields as typed, and what is wrong with them. */
import { executorSchema, type Executor } from "../../../contract/domain/executors.ts";

export interface ExecutorForm {
  kind: Executor["kind"];
  name: string;
  folder: string;
  folderThere: string;
  command: string;
  threads: number;
  /** Slurm: the login node. */
  host: string;
  /** Slurm: options of `sbatch`, one on each line. */
  options: string;
  /** Slurm and launcher; 0: as many as Slurm starts. */
  workers: number;
  /** SSH: names, separated by commas or blanks. */
  hosts: string;
  launcher: string;
}

export type ExecutorField = keyof ExecutorForm;

/** Returns the fields of an executor, or those of a new one. */
export function formOf(executor: Executor | null): ExecutorForm {
  const empty: ExecutorForm = {
    kind: "slurm",
    name: "",
    folder: "",
    folderThere: "",
    command: "",
    threads: 1,
    host: "",
    options: "",
    workers: 0,
    hosts: "",
    launcher: "",
  };
  if (executor === null) return empty;
  switch (executor.kind) {
    case "slurm":
      return { ...empty, ...executor, options: executor.options.join("\n") };
    case "ssh":
      return { ...empty, ...executor, hosts: executor.hosts.join(", ") };
    case "launcher":
      return { ...empty, ...executor };
  }
}

/**
 * Returns the executor of a form, or what is wrong with its fields.
 * @param taken names of the other executors
 */
export function executorOf(
  form: ExecutorForm,
  taken: readonly string[],
): { executor: Executor | null; problems: Partial<Record<ExecutorField, string>> } {
  const parsed = executorSchema.safeParse(fieldsOf(form));
  const problems: Partial<Record<ExecutorField, string>> = {};
  for (const { path } of parsed.error?.issues ?? []) {
    const field = path[0] as ExecutorField;
    problems[field] = requirements[field] ?? "This value is not allowed.";
  }
  if (taken.includes(form.name.trim())) problems.name = "Another executor has this name.";
  const isSound = parsed.success && Object.keys(problems).length === 0;
  return { executor: isSound ? parsed.data : null, problems };
}

const requirements: Partial<Record<ExecutorField, string>> = {
  name: "Enter a name of letters, digits, dots, underscores and hyphens, at most 40.",
  folder: "Enter the path of a folder that all machines share.",
  command: "Enter the command that starts Ectopy there.",
  threads: "Enter a number from 1 to 1024.",
  host: "Enter the name of a host, such as me@login.example.org.",
  options: "Enter one option on each line, with its dashes, such as --partition=cpu.",
  workers: "Enter a number from 0 to 1000; a launcher needs at least 1.",
  hosts: "Enter names of hosts, such as ws1, me@ws2.",
  launcher: "Enter a command line that contains {worker}.",
};

function fieldsOf(form: ExecutorForm): Record<string, unknown> {
  const { kind, name, folder, folderThere, command, threads } = form;
  const common = {
    kind,
    name: name.trim(),
    folder: folder.trim(),
    folderThere: folderThere.trim(),
    command: command.trim(),
    threads,
  };
  switch (kind) {
    case "slurm":
      return { ...common, host: form.host.trim(), options: linesOf(form.options), workers: form.workers };
    case "ssh":
      return { ...common, hosts: form.hosts.split(/[\s,]+/).filter((host) => host !== "") };
    case "launcher":
      return { ...common, launcher: form.launcher.trim(), workers: form.workers };
  }
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
