/** Returns a name that is not taken, and takes it: the given one, or with a number behind it. */
export function uniqueName(taken: Set<string>, name: string): string {
  let free = name;
  for (let i = 2; taken.has(free); i++) free = `${name}_${i}`;
  taken.add(free);
  return free;
}
