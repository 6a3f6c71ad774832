/**
 * Kind of storage of a folder: a disk of this machine, a network file system, or a folder that a program synchronises
 * with other machines. Pure: the facts come from `storage-facts.ts`.
 *
 * The kind matters for two reasons. SQLite's write-ahead log needs memory shared by all processes that open the
 * database, which no network file system provides (sqlite.org/wal.html, "Disadvantages"). And a synchronised folder
 * uploads its files.
 */

/** Facts about a folder and its machine. */
export interface StorageFacts {
  platform: NodeJS.Platform;
  /** The folder's real path, links and mapped drives resolved. */
  folder: string;
  /** The user's home folder. */
  home: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** Mounted file systems. Empty on Windows. */
  mounts: readonly Mount[];
  /** Roots of synchronised folders in Dropbox's list. */
  dropboxRoots: readonly string[];
  /** Returns the names of the entries of a folder; empty if it cannot be read. */
  entriesOf: (folder: string) => readonly string[];
}

export interface Mount {
  at: string;
  /** Type by the system's name, such as `ext4`, `nfs4` or `fuse.sshfs`. */
  type: string;
  /** The device or server, such as `server:/export`. */
  source: string;
}

export interface StorageLocation {
  /** Common name of the network file system, such as `NFS`; null on a disk of this machine. */
  network: string | null;
  /** Program that synchronises the folder, such as `OneDrive`; null if none is known. */
  synchronised: string | null;
}

export const LOCAL_STORAGE: StorageLocation = { network: null, synchronised: null };

/** File systems of other machines, or of the host of a virtual machine. Types: /proc/self/mountinfo, mount(8). */
const networkTypes: Readonly<Record<string, string>> = {
  nfs: "NFS",
  nfs4: "NFS",
  cifs: "SMB",
  smb3: "SMB",
  smbfs: "SMB",
  afpfs: "AFP",
  afs: "AFS",
  openafs: "AFS",
  auristorfs: "AFS",
  lustre: "Lustre",
  gpfs: "GPFS",
  beegfs: "BeeGFS",
  "fuse.beegfs": "BeeGFS",
  ceph: "CephFS",
  "fuse.ceph": "CephFS",
  "fuse.ceph-fuse": "CephFS",
  "fuse.glusterfs": "GlusterFS",
  glusterfs: "GlusterFS",
  orangefs: "OrangeFS",
  pvfs2: "OrangeFS",
  panfs: "PanFS",
  wekafs: "WekaFS",
  "fuse.juicefs": "JuiceFS",
  "fuse.mfs": "MooseFS",
  "fuse.dfuse": "DAOS",
  gfs2: "GFS2",
  ocfs2: "OCFS2",
  coda: "Coda",
  ncpfs: "NCP",
  "fuse.sshfs": "SSHFS",
  sshfs: "SSHFS",
  "fuse.rclone": "rclone",
  "fuse.gvfsd-fuse": "GVfs",
  davfs: "WebDAV",
  "fuse.davfs": "WebDAV",
  webdav: "WebDAV",
  ftp: "FTP",
  "9p": "9P",
  drvfs: "a Windows drive in WSL",
  virtiofs: "virtiofs",
  vboxsf: "VirtualBox",
  "fuse.vmhgfs-fuse": "VMware",
  prl_fs: "Parallels",
};

/** FUSE file systems whose files are on a disk of this machine. */
const localFuse = new Set([
  "fuseblk",
  "fuse.ntfs",
  "fuse.ntfs-3g",
  "fuse.exfat",
  "fuse.ext2",
  "fuse.encfs",
  "fuse.gocryptfs",
  "fuse.cryfs",
  "fuse.securefs",
  "fuse.veracrypt",
  "fuse.bindfs",
  "fuse.mergerfs",
  "fuse.unionfs",
  "fuse.unionfs-fuse",
  "fuse.fuse-overlayfs",
  "fuse.zfs",
  "fuse.lxcfs",
  "fuse.portal",
]);

/** FUSE types and names in the sources of mounts, of programs that synchronise. */
const synchronisingMounts: readonly (readonly [RegExp, string])[] = [
  [/pcloud|\bpfs\b/i, "pCloud"],
  [/google-drive|googledrive|drivefs/i, "Google Drive"],
  [/onedriver|onedrive/i, "OneDrive"],
  [/dropbox|dbxfs/i, "Dropbox"],
];

/** Entries in the root of a synchronised folder. */
const markers: readonly (readonly [RegExp, string])[] = [
  // Not `.dropbox`: this one is also in the user's home folder, wherever the synchronised files are.
  [/^\.dropbox\.cache$/, "Dropbox"],
  [/^\.stfolder$/, "Syncthing"],
  [/^\._?sync_[0-9a-f]+\.db$/, "Nextcloud or ownCloud"],
  [/^\.(owncloudsync\.log|csync_journal\.db)$/, "Nextcloud or ownCloud"],
  [/^\.shortcut-targets-by-id$/, "Google Drive"],
  [/^\.tmp\.drive(up|down)load$/, "Google Drive"],
  [/^\.seafile-data$/, "Seafile"],
];

/** Names that programs give to their synchronised folders, in any location. */
const folderNames: readonly (readonly [RegExp, string])[] = [
  [/^OneDrive( - .+|-.+)?$/i, "OneDrive"],
  [/^Dropbox( \(.+\))?$/i, "Dropbox"],
  [/^(Google Drive|GoogleDrive)(-.+| \(.+\))?$/i, "Google Drive"],
  [/^iCloud ?Drive$/i, "iCloud Drive"],
  [/^pCloud ?(Drive|Sync)$/i, "pCloud"],
  [/^(Nextcloud|ownCloud)\d*$/i, "Nextcloud or ownCloud"],
  [/^Proton Drive$/i, "Proton Drive"],
  [/^Box Sync$/i, "Box"],
];

/**
 * Providers by the names of their folders in macOS' `~/Library/CloudStorage`: `OneDrive-Personal`,
 * `GoogleDrive-jo@example.org`.
 */
const cloudStorage: Readonly<Record<string, string>> = {
  OneDrive: "OneDrive",
  GoogleDrive: "Google Drive",
  Dropbox: "Dropbox",
  Box: "Box",
  ProtonDrive: "Proton Drive",
  pCloud: "pCloud",
  pCloudDrive: "pCloud",
};

export function storageLocation(facts: StorageFacts): StorageLocation {
  return { network: networkOf(facts), synchronised: synchronisedBy(facts) };
}

function networkOf(facts: StorageFacts): string | null {
  if (facts.platform === "win32") return windowsNetwork(facts.folder);
  const mount = mountOf(facts);
  if (mount === null) return null;
  // WSL 2 mounts Windows' drives as 9p, with the driver's name in the source or the options.
  if (mount.type === "9p" && /^[A-Za-z]:|drvfs/.test(mount.source)) return networkTypes["drvfs"];
  const known = networkTypes[mount.type];
  if (known !== undefined) return known;
  if (!isFuse(mount.type) || localFuse.has(mount.type)) return null;
  // An unknown FUSE file system is treated as a network file system, to be safe.
  return mount.type;
}

/**
 * Returns whether a type is FUSE. On macOS, types are named after their program: `macfuse`, `osxfuse`, `fusefs_sshfs`.
 */
function isFuse(type: string): boolean {
  return /^(fuse|macfuse|osxfuse)/.test(type);
}

/** Recognises `\\server\share`, also `\\?\UNC\server\share`, and WSL's `\\wsl$` and `\\wsl.localhost`. */
function windowsNetwork(folder: string): string | null {
  const path = folder.replaceAll("/", "\\");
  if (/^\\\\wsl(\$|\.localhost)\\/i.test(path)) return "WSL";
  if (/^\\\\[?.]\\UNC\\/i.test(path)) return "SMB";
  return /^\\\\[^?.\\]/.test(path) ? "SMB" : null;
}

/** Returns the mount of a folder: the deepest one above it, and the last one of several at the same path. */
function mountOf({ folder, mounts }: StorageFacts): Mount | null {
  let found: Mount | null = null;
  for (const mount of mounts) {
    const above = mount.at === "/" || folder === mount.at || folder.startsWith(`${mount.at}/`);
    if (above && (found === null || mount.at.length >= found.at.length)) found = mount;
  }
  return found;
}

function synchronisedBy(facts: StorageFacts): string | null {
  const path = pathRules(facts.platform);
  const folder = path.normal(facts.folder);
  const within = (root: string | undefined): boolean =>
    root !== undefined && root !== "" && path.isWithin(folder, path.normal(root));
  const { environment, home, platform } = facts;
  if (["OneDrive", "OneDriveConsumer", "OneDriveCommercial"].some((name) => within(environment[name]))) {
    return "OneDrive";
  }
  if (facts.dropboxRoots.some(within)) return "Dropbox";
  if (platform === "darwin") {
    const apple = appleCloud(facts, within);
    if (apple !== null) return apple;
  }
  const mount = platform === "win32" ? null : mountOf(facts);
  if (mount !== null && isFuse(mount.type)) {
    const by = synchronisingMounts.find(([name]) => name.test(`${mount.type} ${mount.source}`));
    if (by !== undefined) return by[1];
  }
  for (const above of path.ancestors(folder)) {
    const named = folderNames.find(([name]) => name.test(path.base(above)));
    if (named !== undefined) return named[1];
    // The home folder and the folders above it are rarely such roots.
    if (above === path.normal(home)) break;
  }
  for (const above of path.ancestors(folder)) {
    const entries = facts.entriesOf(above);
    const marked = markers.find(([name]) => entries.some((entry) => name.test(entry)));
    if (marked !== undefined) return marked[1];
  }
  return null;
}

function appleCloud({ folder, home, entriesOf }: StorageFacts, within: (root: string) => boolean): string | null {
  const providers = `${home}/Library/CloudStorage`;
  if (within(providers)) {
    const name = folder.slice(providers.length + 1).split("/")[0];
    const provider = name.split("-")[0];
    return cloudStorage[provider] ?? (provider === "" ? "a cloud drive" : provider);
  }
  const documents = `${home}/Library/Mobile Documents`;
  if (within(documents)) return "iCloud Drive";
  // "Desktop & Documents Folders": iCloud Drive then lists both.
  for (const name of ["Desktop", "Documents"]) {
    if (within(`${home}/${name}`) && entriesOf(`${documents}/com~apple~CloudDocs`).includes(name))
      return "iCloud Drive";
  }
  return null;
}

interface PathRules {
  /** Returns a path for comparison: without a separator at its end, and in lower case on Windows. */
  normal: (path: string) => string;
  isWithin: (path: string, root: string) => boolean;
  base: (path: string) => string;
  /** Returns the folder itself and all folders above it, the deepest first. */
  ancestors: (path: string) => string[];
}

/** Rules for paths of a platform. `node:path` is not used, because facts of any platform are evaluated on any other. */
function pathRules(platform: NodeJS.Platform): PathRules {
  const windows = platform === "win32";
  const separator = windows ? "\\" : "/";
  const strip = (path: string): string => (path.length > 1 && path.endsWith(separator) ? path.slice(0, -1) : path);
  return {
    normal: (path) => strip(windows ? path.replaceAll("/", "\\").toLowerCase() : path),
    isWithin: (path, root) => path === root || path.startsWith(`${root}${separator}`),
    base: (path) => path.slice(path.lastIndexOf(separator) + 1),
    ancestors: (path) => {
      const all: string[] = [];
      for (let at = path; at !== ""; at = at.slice(0, Math.max(0, at.lastIndexOf(separator)))) {
        // `\\server` is no folder, and `c:` is the working directory on its drive.
        if (windows && /^\\+[^\\]*$/.test(at)) break;
        all.push(windows && at.endsWith(":") ? `${at}\\` : at);
      }
      return all;
    },
  };
}

/**
 * Parses Linux' /proc/self/mountinfo (proc_pid_mountinfo(5)): `36 35 98:0 / /mnt rw - nfs4 server:/export rw`. Spaces
 * and backslashes in paths are written in octal.
 */
export function parseMountinfo(text: string): Mount[] {
  const plain = (field: string): string =>
    field.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
  return text.split("\n").flatMap((line) => {
    const [before, after] = line.split(" - ", 2);
    const at = before.split(" ")[4];
    const [type, source] = (after ?? "").split(" ");
    return at === undefined || type === "" ? [] : [{ at: plain(at), type, source: plain(source ?? "") }];
  });
}

/** Parses the output of macOS' `mount`: `//jo@server/share on /Volumes/share (smbfs, nodev, nosuid)`. */
export function parseMountOutput(text: string): Mount[] {
  return text.split("\n").flatMap((line) => {
    // By position: a regular expression over the whole line takes cubic time if it does not match.
    const [on, open] = [line.indexOf(" on /"), line.lastIndexOf(" (")];
    const type = /^([\w.]+)[,)]/.exec(line.slice(open + " (".length))?.[1];
    if (on < 0 || open < on + " on /".length || type === undefined) return [];
    return [{ source: line.slice(0, on), at: line.slice(on + " on ".length, open), type }];
  });
}

/** Returns the folders in Dropbox's `info.json`; empty if it cannot be parsed. */
export function parseDropboxInfo(text: string): string[] {
  try {
    const accounts = JSON.parse(text) as unknown;
    if (typeof accounts !== "object" || accounts === null) return [];
    return Object.values(accounts).flatMap((account: unknown) =>
      typeof account === "object" && account !== null && "path" in account && typeof account.path === "string"
        ? [account.path]
        : [],
    );
  } catch {
    return [];
  }
}

/** Names that synchronising programs give to the second of two conflicting versions of a file. */
const conflictNames: readonly RegExp[] = [
  // Dropbox, Nextcloud, ownCloud: "ectopy (Jo's conflicted copy 2026-01-02).sqlite", "(conflicted copy …)".
  /conflicted copy/i,
  // Earlier versions of Nextcloud and ownCloud: "ectopy_conflict-20260102-101112.sqlite".
  /_conflict-\d{8}/i,
  // Syncthing: "ectopy.sync-conflict-20260102-101112-ABCDEFG.sqlite".
  /\.sync-conflict-\d{8}-\d{6}/i,
  // Seafile: "ectopy (SFConflict jo@example.org 2026-01-02).sqlite".
  /\(SFConflict /,
  // pCloud: "ectopy [conflicted].sqlite".
  /\[conflicted\]/i,
];

/** Returns whether a file's name shows that a synchronising program created it as a conflicting version. */
export function isConflictedCopy(name: string): boolean {
  return conflictNames.some((pattern) => pattern.test(name));
}

/** Returns the risk of a workspace on such storage, and what the user can do; null on a disk of this machine. */
export function describeStorage(
  folder: string,
  { network, synchronised }: StorageLocation,
): { message: string; fix: string } | null {
  const fix =
    "To move it: close Ectopy, move the folder to a disk of this machine, and choose it there (Settings, or --workspace).";
  if (synchronised !== null) {
    const message =
      `The workspace ${folder} is in a folder that ${synchronised} synchronises: patients' data is copied to its servers ` +
      "or your other machines, and the program may lock or duplicate files of the database.";
    return { message, fix };
  }
  if (network === null) return null;
  const message =
    `The workspace ${folder} is on a network file system (${network}): Ectopy uses a slower, safer mode there, ` +
    "and only one machine at a time can use the workspace.";
  return { message, fix };
}
