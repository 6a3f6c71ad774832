/**
 * npm's lock file: the packages that it names for a machine, and whether they are installed.
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
 * Returns the folders of the packages for a machine, without the project's.
 *
 * @param {LockFile} lock
 * @param {Machine} machine
 * @returns {string[]}
 */
export function packagesFor(lock, machine) {
  return Object.entries(lock.packages)
    .filter(
      ([folder, locked]) => folder !== "" && allows(locked.os, machine.platform) && allows(locked.cpu, machine.arch),
    )
    .map(([folder]) => folder);
}

/**
 * Returns whether every package is installed in the version of the lock file. Optional packages may be missing, since
 * npm leaves out those that don't fit the machine, but may not have another version.
 *
 * @param {LockFile} lock package-lock.json
 * @param {LockFile | undefined} installed node_modules/.package-lock.json
 * @param {Machine} machine
 */
export function matchesLock(lock, installed, machine) {
  if (installed === undefined) return false;
  return packagesFor(lock, machine).every((folder) => {
    const locked = lock.packages[folder];
    const found = installed.packages[folder];
    return found === undefined ? locked?.optional === true : found.version === locked?.version;
  });
}

/**
 * @param {string | string[] | undefined} list names, or excluded names with a leading `!`
 * @param {string} value
 */
function allows(list, value) {
  if (list === undefined) return true;
  const names = [list].flat();
  if (names.includes(`!${value}`)) return false;
  return names.includes(value) || names.every((name) => name.startsWith("!"));
}
