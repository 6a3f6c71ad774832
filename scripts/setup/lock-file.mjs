/**
 * npm's lock file: the packages that it names for a machine, and whether they are installed.
 */

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {string} [name] of a package that is installed under another name
 * @property {string} [resolved] address of its archive
 * @property {boolean} [optional]
 * @property {boolean} [link]
 * @property {string | string[]} [os]
 * @property {string | string[]} [cpu]
 * @property {string | string[]} [libc]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [devDependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, { optional?: boolean }>} [peerDependenciesMeta]
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
 * Returns the lock file of some of the project's packages alone, with all packages that they need.
 *
 * @template {LockFile} T
 * @param {T} lock
 * @param {readonly string[]} names packages that the project names itself
 * @returns {T}
 */
export function reduceLock(lock, names) {
  const needed = new Set();
  const visit = (/** @type {readonly string[]} */ requested, /** @type {string} */ from) => {
    for (const name of requested) {
      const folder = folderOf(lock, name, from);
      if (folder === undefined || needed.has(folder)) continue;
      needed.add(folder);
      visit(neededBy(lock.packages[folder] ?? {}), folder);
    }
  };
  visit(names, "");
  const { devDependencies, optionalDependencies, dependencies, ...project } = lock.packages[""] ?? {};
  const versions = { ...devDependencies, ...optionalDependencies, ...dependencies };
  const chosen = Object.entries(versions).filter(([name]) => names.includes(name));
  const others = Object.entries(lock.packages).filter(([folder]) => needed.has(folder));
  return {
    ...lock,
    packages: { "": { ...project, dependencies: Object.fromEntries(chosen) }, ...Object.fromEntries(others) },
  };
}

/**
 * Returns the lock file with the address of each archive at a registry. Without them, npm first asks the registry
 * for each package's versions, which took a third of an installation's processor time.
 *
 * @template {LockFile} T
 * @param {T} lock
 * @param {string} registry its address, which ends in a slash
 * @returns {T}
 */
export function withAddresses(lock, registry) {
  const packages = Object.entries(lock.packages).map(([folder, locked]) => {
    if (folder === "" || locked.link || locked.resolved !== undefined) return [folder, locked];
    const name = locked.name ?? folder.slice(folder.lastIndexOf("node_modules/") + "node_modules/".length);
    const file = `${name.slice(name.indexOf("/") + 1)}-${locked.version}.tgz`;
    return [folder, { ...locked, resolved: `${registry}${name}/-/${file}` }];
  });
  return { ...lock, packages: Object.fromEntries(packages) };
}

/** Peers that may be missing belong to other uses of a package. @param {LockedPackage} locked */
function neededBy({ dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta }) {
  const peers = Object.keys(peerDependencies ?? {}).filter((name) => peerDependenciesMeta?.[name]?.optional !== true);
  return [...Object.keys(dependencies ?? {}), ...Object.keys(optionalDependencies ?? {}), ...peers];
}

/**
 * Finds a package as Node does: in the folders of the package that needs it, up to the project's.
 *
 * @param {LockFile} lock
 * @param {string} name
 * @param {string} from folder of the package that needs it; empty for the project
 */
function folderOf(lock, name, from) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("node_modules/") - 1))) {
    const candidate = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
    if (candidate in lock.packages) return candidate;
    if (folder === "") return undefined;
  }
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
