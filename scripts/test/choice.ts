/** The parts of the test run that the command line's arguments choose. */

export const checkParts = ["types", "lint", "format", "layers"] as const;
export type CheckPart = (typeof checkParts)[number];

export const vitestProjects = [
  "unit",
  "components",
  "integration",
  "interop",
  "webassembly",
  "e2e",
  "recordings",
  "reliability",
  "machines",
] as const;
/** Projects of vitest that only run where they are named. */
export const namedProjects = ["windows"] as const;

export interface Choice {
  checks: CheckPart[];
  projects: string[];
  /** Test files whose path holds one of these; empty: all. */
  filters: string[];
}

/** Returns every part but `namedProjects` for no argument, and of those the vitest projects for filters alone. */
export function chooseParts(args: string[]): Choice {
  const checks = checkParts.filter((part) => args.includes(part));
  const projects = [...vitestProjects, ...namedProjects].filter((name) => args.includes(name));
  const known: string[] = [...checkParts, ...vitestProjects, ...namedProjects];
  const filters = args.filter((word) => !known.includes(word));
  if (args.length === 0) return { checks: [...checkParts], projects: [...vitestProjects], filters };
  if (checks.length === 0 && projects.length === 0) return { checks, projects: [...vitestProjects], filters };
  return { checks, projects, filters };
}
