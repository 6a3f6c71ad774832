import { describe, expect, it } from "vitest";
import {
  isConflictedCopy,
  LOCAL_STORAGE,
  parseDropboxInfo,
  parseMountinfo,
  parseMountOutput,
  storageLocation,
  describeStorage,
  type Mount,
  type StorageFacts,
} from "./storage-location.ts";

const root: Mount = { at: "/", type: "ext4", source: "/dev/sda1" };

function facts(given: Partial<StorageFacts> & { entries?: Record<string, string[]> }): StorageFacts {
  const { entries = {}, ...rest } = given;
  return {
    platform: "linux",
    folder: "/home/jo/Ectopy",
    home: "/home/jo",
    environment: {},
    mounts: [root],
    dropboxRoots: [],
    entriesOf: (folder) => entries[folder] ?? [],
    ...rest,
  };
}

describe("a folder on Linux", () => {
  it("is on a disk of this machine", () => {
    expect(storageLocation(facts({}))).toEqual(LOCAL_STORAGE);
    // Dropbox's settings are in the user's home folder, wherever its files are.
    const entries = { "/home/jo": [".dropbox", ".config"], "/home/jo/Ectopy": ["ectopy.sqlite"] };
    expect(storageLocation(facts({ entries }))).toEqual(LOCAL_STORAGE);
    expect(storageLocation(facts({ mounts: [] }))).toEqual(LOCAL_STORAGE);
  });

  it.each([
    ["nfs4", "server:/home", "NFS"],
    ["nfs", "server:/home", "NFS"],
    ["cifs", "//server/share", "SMB"],
    ["smb3", "//server/share", "SMB"],
    ["fuse.sshfs", "jo@server:/home", "SSHFS"],
    ["fuse.rclone", "remote:", "rclone"],
    ["afs", "AFS", "AFS"],
    ["lustre", "10.0.0.1@tcp:/scratch", "Lustre"],
    ["gpfs", "gpfs0", "GPFS"],
    ["beegfs", "beegfs_nodev", "BeeGFS"],
    ["ceph", "10.0.0.1:/", "CephFS"],
    ["9p", "hostshare", "9P"],
    ["9p", "C:\\134", "a Windows drive in WSL"],
    ["9p", "drvfs", "a Windows drive in WSL"],
    ["vboxsf", "share", "VirtualBox"],
    ["fuse.unheardof", "x", "fuse.unheardof"],
  ])("on %s of %s is on the network: %s", (type, source, expected) => {
    const mounts = [root, { at: "/home", type, source }, { at: "/homework", type: "ext4", source: "/dev/sdb1" }];
    expect(storageLocation(facts({ mounts }))).toEqual({ network: expected, synchronised: null });
    expect(storageLocation(facts({ mounts, folder: "/homework/Ectopy" }))).toEqual(LOCAL_STORAGE);
    expect(storageLocation(facts({ mounts, folder: "/home" })).network).toBe(expected);
  });

  it.each(["fuseblk", "fuse.gocryptfs", "fuse.mergerfs", "btrfs", "zfs", "overlay", "tmpfs", "vfat"])(
    "on %s is on a disk of this machine",
    (type) => {
      const mounts = [root, { at: "/home/jo", type, source: "x" }];
      expect(storageLocation(facts({ mounts }))).toEqual(LOCAL_STORAGE);
    },
  );

  it("is on the deepest mount above it, and on the last of several at one path", () => {
    const nfs = { at: "/home/jo", type: "nfs4", source: "server:/jo" };
    const disk = { at: "/home/jo/Ectopy", type: "ext4", source: "/dev/sdb1" };
    expect(storageLocation(facts({ mounts: [disk, root, nfs] })).network).toBeNull();
    const automatic = { at: "/home/jo", type: "autofs", source: "auto.home" };
    expect(storageLocation(facts({ mounts: [root, automatic, nfs] })).network).toBe("NFS");
    expect(storageLocation(facts({ mounts: [root, nfs, { ...nfs, type: "ext4" }] })).network).toBeNull();
  });

  it.each<[string, Partial<StorageFacts> & { entries?: Record<string, string[]> }]>([
    ["Dropbox", { dropboxRoots: ["/home/jo/Ectopy"] }],
    ["Dropbox", { dropboxRoots: ["/home/jo/"] }],
    ["Dropbox", { folder: "/home/jo/Dropbox (Clinic)/ecg/Ectopy" }],
    ["Dropbox", { entries: { "/home/jo": [".dropbox.cache"] } }],
    ["Syncthing", { folder: "/data/sync/a/Ectopy", entries: { "/data/sync": [".stfolder", "a"] } }],
    ["Syncthing", { entries: { "/home/jo/Ectopy": [".stfolder"] } }],
    ["Nextcloud or ownCloud", { folder: "/data/c/Ectopy", entries: { "/data/c": [".sync_614f44e6b0f3.db"] } }],
    ["Nextcloud or ownCloud", { folder: "/data/c/Ectopy", entries: { "/data/c": ["._sync_614f44e6b0f3.db"] } }],
    ["Nextcloud or ownCloud", { folder: "/home/jo/Nextcloud/Ectopy" }],
    ["OneDrive", { folder: "/home/jo/OneDrive/Ectopy" }],
    ["OneDrive", { folder: "/mnt/c/Users/jo/OneDrive - Clinic/Ectopy" }],
    ["Google Drive", { folder: "/home/jo/Google Drive/Ectopy" }],
  ])("is synchronised by %s: %j", (expected, given) => {
    expect(storageLocation(facts(given))).toEqual({ network: null, synchronised: expected });
  });

  it("can be on a network and synchronised", () => {
    const mounts = [root, { at: "/home/jo/pCloudDrive", type: "fuse.pfs", source: "pCloud.fs" }];
    expect(storageLocation(facts({ mounts, folder: "/home/jo/pCloudDrive/Ectopy" }))).toEqual({
      network: "fuse.pfs",
      synchronised: "pCloud",
    });
  });

  it.each(["/home/jo/dropbox-export/Ectopy", "/home/jo/Box/Ectopy", "/home/jo/My Dropbox backup/Ectopy"])(
    "is not synchronised for a name that only sounds like it: %s",
    (folder) => expect(storageLocation(facts({ folder }))).toEqual(LOCAL_STORAGE),
  );
});

describe("a folder on macOS", () => {
  const mac = (given: Parameters<typeof facts>[0]): StorageFacts =>
    facts({
      platform: "darwin",
      home: "/Users/jo",
      folder: "/Users/jo/Ectopy",
      mounts: [{ at: "/", type: "apfs", source: "/dev/disk3s1s1" }],
      ...given,
    });

  it("is on a disk of this machine", () => {
    expect(storageLocation(mac({}))).toEqual(LOCAL_STORAGE);
    expect(storageLocation(mac({ folder: "/Users/jo/Documents/Ectopy" }))).toEqual(LOCAL_STORAGE);
  });

  it.each<[string | null, string | null, Parameters<typeof facts>[0]]>([
    [null, "OneDrive", { folder: "/Users/jo/Library/CloudStorage/OneDrive-Personal/Ectopy" }],
    [null, "Google Drive", { folder: "/Users/jo/Library/CloudStorage/GoogleDrive-jo@example.org/My Drive/E" }],
    [null, "Dropbox", { folder: "/Users/jo/Library/CloudStorage/Dropbox/Ectopy" }],
    [null, "Tresorit", { folder: "/Users/jo/Library/CloudStorage/Tresorit/Ectopy" }],
    [null, "iCloud Drive", { folder: "/Users/jo/Library/Mobile Documents/com~apple~CloudDocs/Ectopy" }],
    [
      null,
      "iCloud Drive",
      {
        folder: "/Users/jo/Documents/Ectopy",
        entries: { "/Users/jo/Library/Mobile Documents/com~apple~CloudDocs": ["Desktop", "Documents"] },
      },
    ],
    ["SMB", null, { folder: "/Volumes/ecg/E", mounts: [{ at: "/Volumes/ecg", type: "smbfs", source: "//jo@s/ecg" }] }],
    ["AFP", null, { folder: "/Volumes/ecg/E", mounts: [{ at: "/Volumes/ecg", type: "afpfs", source: "//jo@s/ecg" }] }],
    ["macfuse", null, { folder: "/Volumes/x/E", mounts: [{ at: "/Volumes/x", type: "macfuse", source: "jo@s:/" }] }],
  ])("network %s, synchronised by %s", (network, synchronised, given) => {
    expect(storageLocation(mac(given))).toEqual({ network, synchronised });
  });
});

describe("a folder on Windows", () => {
  const windows = (given: Parameters<typeof facts>[0]): StorageFacts =>
    facts({ platform: "win32", home: "C:\\Users\\jo", folder: "C:\\Users\\jo\\Ectopy", mounts: [], ...given });

  it("is on a disk of this machine", () => {
    expect(storageLocation(windows({ environment: { OneDrive: "C:\\Users\\jo\\OneDrive" } }))).toEqual(LOCAL_STORAGE);
    expect(storageLocation(windows({ folder: "\\\\?\\C:\\Ectopy" }))).toEqual(LOCAL_STORAGE);
  });

  it.each<[string | null, string | null, Parameters<typeof facts>[0]]>([
    ["SMB", null, { folder: "\\\\server\\share\\Ectopy" }],
    ["SMB", null, { folder: "//server/share/Ectopy" }],
    ["SMB", null, { folder: "\\\\?\\UNC\\server\\share\\Ectopy" }],
    ["WSL", null, { folder: "\\\\wsl.localhost\\Debian\\home\\jo\\Ectopy" }],
    ["WSL", null, { folder: "\\\\wsl$\\Debian\\home\\jo\\Ectopy" }],
    [
      null,
      "OneDrive",
      {
        folder: "c:\\users\\JO\\onedrive - clinic\\Ectopy",
        environment: { OneDriveCommercial: "C:\\Users\\jo\\OneDrive - Clinic" },
      },
    ],
    [null, "OneDrive", { folder: "D:\\Cloud\\Documents\\Ectopy", environment: { OneDrive: "D:\\Cloud\\" } }],
    [null, "Dropbox", { folder: "D:\\Box\\Ectopy", dropboxRoots: ["d:\\box"] }],
    [null, "iCloud Drive", { folder: "C:\\Users\\jo\\iCloudDrive\\Ectopy" }],
    [
      null,
      "Google Drive",
      { folder: "G:\\My Drive\\Ectopy", entries: { "g:\\": [".shortcut-targets-by-id", "My Drive"] } },
    ],
    [null, "Syncthing", { folder: "D:\\S\\Ectopy", entries: { "d:\\s": [".stfolder"] } }],
  ])("network %s, synchronised by %s: %j", (network, synchronised, given) => {
    expect(storageLocation(windows(given))).toEqual({ network, synchronised });
  });

  it("is checked up to its root, but not at a server's list of shares or a drive's working directory", () => {
    const seen: string[] = [];
    const entriesOf = (folder: string): string[] => {
      seen.push(folder);
      return [];
    };
    storageLocation(windows({ folder: "\\\\server\\share\\Ectopy", entriesOf }));
    storageLocation(windows({ folder: "D:\\Ectopy", entriesOf }));
    expect(seen).toEqual(["\\\\server\\share\\ectopy", "\\\\server\\share", "d:\\ectopy", "d:\\"]);
  });
});

describe("facts from the system", () => {
  it("are parsed from Linux' mountinfo, with paths in octal and optional fields", () => {
    const text = [
      "22 27 0:20 / /sys rw,nosuid shared:7 - sysfs sysfs rw",
      "27 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw",
      "90 27 0:50 / /mnt/my\\040data rw master:1 propagate_from:2 - nfs4 server:/a\\040b rw,vers=4.2",
      "91 27 0:51 / /mnt/c rw - 9p C:\\134 rw,dirsync,aname=drvfs;path=C:\\;uid=1000",
      "",
    ].join("\n");
    expect(parseMountinfo(text)).toEqual([
      { at: "/sys", type: "sysfs", source: "sysfs" },
      { at: "/", type: "ext4", source: "/dev/sda2" },
      { at: "/mnt/my data", type: "nfs4", source: "server:/a b" },
      { at: "/mnt/c", type: "9p", source: "C:\\" },
    ]);
    expect(parseMountinfo("nonsense\n - \n")).toEqual([]);
  });

  it("are parsed from the output of macOS' mount", () => {
    const text = [
      "/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)",
      "//jo@server/my%20share on /Volumes/my share (smbfs, nodev, nosuid, mounted by jo)",
      "map auto_home on /System/Volumes/Data/home (autofs)",
      "",
    ].join("\n");
    expect(parseMountOutput(text)).toEqual([
      { source: "/dev/disk3s1s1", at: "/", type: "apfs" },
      { source: "//jo@server/my%20share", at: "/Volumes/my share", type: "smbfs" },
      { source: "map auto_home", at: "/System/Volumes/Data/home", type: "autofs" },
    ]);
  });

  it("skip invalid lines of `mount` of any length", () => {
    const long = " on /".repeat(20_000) + " (".repeat(20_000);
    expect(parseMountOutput(`${long}\nx on /y\nx on /y (\nx (smbfs) on /y\n on / (apfs)`)).toEqual([
      { source: "", at: "/", type: "apfs" },
    ]);
  });

  it("are parsed from Dropbox's list with any content", () => {
    const text = JSON.stringify({ personal: { path: "/home/jo/Dropbox", host: 1 }, business: { path: "/data/D" } });
    expect(parseDropboxInfo(text)).toEqual(["/home/jo/Dropbox", "/data/D"]);
    for (const broken of ["", "null", "[]", "7", '{"personal":null,"business":{"path":3}}']) {
      expect(parseDropboxInfo(broken)).toEqual([]);
    }
  });
});

it.each([
  ["ectopy (Jo's conflicted copy 2026-01-02).sqlite", true],
  ["ectopy (conflicted copy 2026-01-02 101112).sqlite", true],
  ["ectopy_conflict-20260102-101112.sqlite", true],
  ["ectopy.sync-conflict-20260102-101112-ABCDEFG.sqlite", true],
  ["ectopy (SFConflict jo@example.org 2026-01-02-10-11-12).sqlite", true],
  ["ectopy.sqlite", false],
  ["2026-01-02.sqlite", false],
])("recognises a conflicted copy: %s", (name, expected) => expect(isConflictedCopy(name)).toBe(expected));

it("warns of synchronisation before slowness, and not on a disk of this machine", () => {
  expect(describeStorage("/e", LOCAL_STORAGE)).toBeNull();
  expect(describeStorage("/e", { network: "NFS", synchronised: null })?.message).toMatch(/network file system \(NFS\)/);
  expect(describeStorage("/e", { network: "fuse.pfs", synchronised: "pCloud" })?.message).toMatch(
    /pCloud synchronises: patients' data/,
  );
});
