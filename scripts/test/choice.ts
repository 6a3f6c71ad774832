/** Which parts of the test run the words on the command line ask for. */

export const checkParts = ["types", "lint", "format", "layers"] as const;
export type CheckPart = (typeof checkParts)[number];

export const vitestProjects = ["unit", "integration", "interop", "e2e"] as const;

export interface Choice {
  checks: CheckPart[];
  projects: string[];
  /** Test files whose path holds one of these; empty: all. */
  filters: string[];
}

/** No word: everything. Only filters: every vitest project, but no static checks. */
export function chooseParts(words: string[]): Choice {
  const checks = checkParts.filter((part) => words.includes(part));
  const projects = vitestProjects.filter((name) => words.includes(name));
  const known: string[] = [...checkParts, ...vitestProjects];
  const filters = words.filter((word) => !known.includes(word));
  if (words.length === 0) return { checks: [...checkParts], projects: [...vitestProjects], filters };
  if (checks.length === 0 && projects.length === 0) return { checks, projects: [...vitestProjects], filters };
  return { checks, projects, filters };
}
