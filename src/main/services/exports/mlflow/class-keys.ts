/** Keys of classes in the names of metrics. */

/**
 * Returns a key for each class that MLflow accepts and every store keeps apart: letters, digits, `_` and `-` stay; any
 * other character becomes its code point (`x2f` for `/`). `A` and `a` are two classes, but one name on MySQL and in the
 * folders of Windows and macOS: a single small letter is written `a-small`, always, so that the same class has the same
 * name in every run.
 * @returns one key for each label, unique also where case is ignored
 */
export function classKeys(labels: readonly string[]): string[] {
  const taken = new Set<string>();
  return labels.map((label) => {
    const plain = Array.from(label, (character) =>
      /[A-Za-z0-9_-]/.test(character) ? character : `x${character.codePointAt(0)!.toString(16)}`,
    ).join("");
    const name = /^[a-z]$/.test(label) ? `${label}-small` : plain;
    let free = name;
    for (let number = 2; taken.has(free.toLowerCase()); number++) free = `${name}-${number}`;
    taken.add(free.toLowerCase());
    return free;
  });
}
