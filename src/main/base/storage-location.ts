/**
 * What kind of place a folder lies in: on a disk of this machine, on a network file system, or in a folder that a program
 * synchronises with other machines. Pure: the facts come from `storage-facts.ts`.
 *
 * It matters twice. SQLite's write-ahead log needs memory shared by all who open the database, which no network file
 * system has (sqlite.org/wal.html, "Disadvantages"), and a synchronised folder uploads what is in it.
 */

/** What is known of a folder and its machine. */
export interface StorageFacts {
  platform: NodeJS.Platform;
  /** The folder's real path, links and mapped drives resolved. */
  folder: string;
  /** The user's folder. */
  home: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** Mounted file systems: where, and of which type. Empty on Windows. */
  mounts: readonly Mount[];
  /** Roots of synchronised folders that Dropbox's own list names. */
  dropboxRoots: readonly string[];
  /** Names of the entries of a folder; empty where it can't be read. */
  entriesOf: (folder: string) => readonly string[];
}

export interface Mount {
  at: string;
  /** As the system calls it, such as `ext4`, `nfs4` or `fuse.sshfs`. */
  type: string;
  /** The device or server, such as `server:/export`. */
  source: string;
}

export interface StorageLocation {
  /** The network file system, as a user knows it, such as `NFS`; null on a disk of this machine. */
  network: string | null;
  /** The program that synchronises the folder, such as `OneDrive`; null where none is known. */
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

/** Programs' file systems (FUSE) that keep their files on a disk of this machine. */
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

/** FUSE types, and names in mounts' sources, of programs that synchronise. */
const synchronisingMounts: readonly (readonly [RegExp, string])[] = [
  [/pcloud|\bpfs\b/i, "pCloud"],
  [/google-drive|googledrive|drivefs/i, "Google Drive"],
  [/onedriver|onedrive/i, "OneDrive"],
  [/dropbox|dbxfs/i, "Dropbox"],
];

/** What the root of a synchronised folder holds. */
const markers: readonly (readonly [RegExp, string])[] = [
  // Not `.dropbox`: that one also lies in the user's folder, wherever the files are.
  [/^\.dropbox\.cache$/, "Dropbox"],
  [/^\.stfolder$/, "Syncthing"],
  [/^\._?sync_[0-9a-f]+\.db$/, "Nextcloud or ownCloud"],
  [/^\.(owncloudsync\.log|csync_journal\.db)$/, "Nextcloud or ownCloud"],
  [/^\.shortcut-targets-by-id$/, "Google Drive"],
  [/^\.tmp\.drive(up|down)load$/, "Google Drive"],
  [/^\.seafile-data$/, "Seafile"],
];

/** Names that the programs give to their folders, wherever they lie. */
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

/** Providers as macOS names their folders in `~/Library/CloudStorage`: `OneDrive-Personal`, `GoogleDrive-jo@example.org`. */
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
  // A program's file system of which nothing is known: treated with the same care.
  return mount.type;
}

/** macOS calls them after their program: `macfuse`, `osxfuse`, `fusefs_sshfs`. */
function isFuse(type: string): boolean {
  return /^(fuse|macfuse|osxfuse)/.test(type);
}

/** `\\server\share`; also `\\?\UNC\server\share`, and WSL's `\\wsl$`, `\\wsl.localhost`. */
function windowsNetwork(folder: string): string | null {
  const path = folder.replaceAll("/", "\\");
  if (/^\\\\wsl(\$|\.localhost)\\/i.test(path)) return "WSL";
  if (/^\\\\[?.]\\UNC\\/i.test(path)) return "SMB";
  return /^\\\\[^?.\\]/.test(path) ? "SMB" : null;
}

/** The mount that a folder lies on: of those above it the deepest, and of several at one place the last. */
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
    // A home that is itself such a root, or the machine's, would be rare; their entries tell nothing more.
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
  /** To be compared: without a separator at its end, and in lower case where case does not count. */
  normal: (path: string) => string;
  isWithin: (path: string, root: string) => boolean;
  base: (path: string) => string;
  /** The folder itself and all above it, the deepest first. */
  ancestors: (path: string) => string[];
}

/** Not `node:path`: facts of any system are judged on any system. */
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
        // `\\server` is no folder, and `c:` is the current one of its drive.
        if (windows && /^\\+[^\\]*$/.test(at)) break;
        all.push(windows && at.endsWith(":") ? `${at}\\` : at);
      }
      return all;
    },
  };
}

/**
 * Linux' /proc/self/mountinfo (proc_pid_mountinfo(5)): `36 35 98:0 / /mnt rw - nfs4 server:/export rw`. Spaces and
 * backslashes in paths are written in octal.
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

/** What macOS' `mount` prints: `//jo@server/share on /Volumes/share (smbfs, nodev, nosuid)`. */
export function parseMountOutput(text: string): Mount[] {
  return text.split("\n").flatMap((line) => {
    // By position: a pattern of the whole line takes time with the cube of its length where it does not fit.
    const [on, open] = [line.indexOf(" on /"), line.lastIndexOf(" (")];
    const type = /^([\w.]+)[,)]/.exec(line.slice(open + " (".length))?.[1];
    if (on < 0 || open < on + " on /".length || type === undefined) return [];
    return [{ source: line.slice(0, on), at: line.slice(on + " on ".length, open), type }];
  });
}

/** Folders that Dropbox's `info.json` names; empty where it can't be read. */
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

/** Names that synchronising programs give to the second of two files that were changed at once. */
const conflictNames: readonly RegExp[] = [
  // Dropbox, Nextcloud, ownCloud: "ectopy (Jo's conflicted copy 2026-01-02).sqlite", "(conflicted copy …)".
  /conflicted copy/i,
  // Nextcloud and ownCloud of before: "ectopy_conflict-20260102-101112.sqlite".
  /_conflict-\d{8}/i,
  // Syncthing: "ectopy.sync-conflict-20260102-101112-ABCDEFG.sqlite".
  /\.sync-conflict-\d{8}-\d{6}/i,
  // Seafile: "ectopy (SFConflict jo@example.org 2026-01-02).sqlite".
  /\(SFConflict /,
  // pCloud: "ectopy [conflicted].sqlite".
  /\[conflicted\]/i,
];

/** Whether a file's name says that a synchronising program made it beside another. */
export function isConflictedCopy(name: string): boolean {
  return conflictNames.some((pattern) => pattern.test(name));
}

/** What a user should know of a workspace in such a place, and what to do; null on a disk of this machine. */
export function storageInWords(
  folder: string,
  { network, synchronised }: StorageLocation,
): { message: string; fix: string } | null {
  const fix =
    "To move it: close Ectopy, move the folder to a disk of this machine, and choose it there (Settings, or --workspace).";
  if (synchronised !== null) {
    const message =
      `The workspace ${folder} lies in a folder that ${synchronised} synchronises: patients' data is copied to its servers ` +
      "or your other machines, and its program may lock or duplicate files of the database.";
    return { message, fix };
  }
  if (network === null) return null;
  const message =
    `The workspace ${folder} lies on a network file system (${network}): Ectopy works there in a slower, safer way, ` +
    "and only one machine at a time may use it.";
  return { message, fix };
}
