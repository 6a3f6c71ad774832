/** Closes the parts of something in order: each part even where an earlier one failed, and all of them once. */

type Step = () => unknown;

/**
 * Returns a function that runs groups of steps one after another; the steps of a group run at the same time. A step
 * that fails stops no other; the first failure is thrown after the last step. Later calls return the promise of the
 * first call.
 */
export function closeInOrder(groups: readonly (readonly Step[])[]): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => (closing ??= runGroups(groups));
}

async function runGroups(groups: readonly (readonly Step[])[]): Promise<void> {
  const failures: unknown[] = [];
  for (const group of groups) {
    const ends = await Promise.allSettled(group.map((step) => Promise.resolve().then(step)));
    for (const end of ends) if (end.status === "rejected") failures.push(end.reason);
  }
  if (failures.length > 0) throw failures[0];
}
