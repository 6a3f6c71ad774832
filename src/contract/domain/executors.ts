/** Executors: what starts cluster workers on other machines. */
import { z } from "zod";

const path = z.string().min(1).max(4096);
/** Name of a host for `ssh`, such as `me@login.example.org` or an alias of the user's SSH configuration; never an option. */
const host = z
  .string()
  .max(255)
  .regex(/^[\w.][\w.@:[\]-]*$/, "the name of a host, such as me@login.example.org");

const common = {
  /** Unique among the executors. */
  name: z.string().regex(/^[A-Za-z0-9][\w.-]{0,39}$/, "letters, digits, ., _ and -, at most 40"),
  /** Folder that this machine and all others share, for experiments; each has a folder in it. */
  folder: path,
  /** Path of the shared folder on the other machines; empty: the same. */
  folderThere: z.string().max(4096).default(""),
  /** Threads of a worker, where a run leaves them open; Slurm reserves as many cores for it. */
  threads: z.int().min(1).max(1024).default(1),
  /** Command line that starts Ectopy on the other machines, such as `/opt/ectopy/ectopy`. */
  command: z.string().trim().min(1).max(4096),
};

export const executorSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    ...common,
    kind: z.literal("slurm"),
    /** Login node, asked by `ssh`; empty: this machine has Slurm's commands. */
    host: z.union([z.literal(""), host]).default(""),
    /** Options of `sbatch`, such as `--partition=cpu`. */
    options: z
      .array(z.string().regex(/^--?[\w-]+(=[^\n\r]*)?$/, "an option of sbatch, with its dashes"))
      .max(50)
      .default([]),
    /** Most workers at the same time; 0: as many as Slurm starts. */
    workers: z.int().min(0).max(1000).default(0),
  }),
  z.strictObject({
    ...common,
    kind: z.literal("ssh"),
    /** One worker on each. */
    hosts: z.array(host).min(1).max(100),
  }),
  z.strictObject({
    ...common,
    kind: z.literal("launcher"),
    /**
     * Command line of this machine that starts workers: `{worker}` becomes their command, `{workers}` their number, and `{logs}` the
     * folder for their logs on the other machines.
     */
    launcher: z.string().trim().min(1).max(4096).includes("{worker}"),
    /** Most workers at the same time. */
    workers: z.int().min(1).max(1000).default(1),
  }),
]);
export type Executor = z.infer<typeof executorSchema>;
export type ExecutorOf<Kind extends Executor["kind"]> = Extract<Executor, { kind: Kind }>;

export const MAX_EXECUTORS = 50;
