/**
 * npm's lock file: which packages it wants on a machine, and whether they are installed.
 */

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {boolean} [optional]
 * @property {boolean} [link]
 * @property {string | string[]} [os]
 * @property {string | string[]} [cpu]
 * @property {string | string[]} [libc]
 */

/** @typedef {{ packages: Record<string, LockedPackage> }} LockFile */

/** @typedef {{ platform: string, arch: string }} Machine */

/**
 * Folders of the packages that belong on a machine; the project itself is none of them.
 *
 * @param {LockFile} lock
 * @param {Machine} machine
 * @returns {string[]}
 */
export function packagesFor(lock, machine) {
  return Object.entries(lock.packages)
    .filter(
      ([folder, wanted]) => folder !== "" && allows(wanted.os, machine.platform) && allows(wanted.cpu, machine.arch),
    )
    .map(([folder]) => folder);
}

/**
 * True where everything is installed in the version that the lock file names. Optional packages may be missing, since npm
 * leaves out those that don't fit the machine, but not be of another version.
 *
 * @param {LockFile} lock package-lock.json
 * @param {LockFile | undefined} installed node_modules/.package-lock.json
 * @param {Machine} machine
 */
export function matchesLock(lock, installed, machine) {
  if (installed === undefined) return false;
  return packagesFor(lock, machine).every((folder) => {
    const wanted = lock.packages[folder];
    const found = installed.packages[folder];
    return found === undefined ? wanted?.optional === true : found.version === wanted?.version;
  });
}

/**
 * @param {string | string[] | undefined} list names, or names to leave out with a `!` before them
 * @param {string} value
 */
function allows(list, value) {
  if (list === undefined) return true;
  const names = [list].flat();
  if (names.includes(`!${value}`)) return false;
  return names.includes(value) || names.every((name) => name.startsWith("!"));
}
