/** Descriptions of a workspace: manifests of stored folders, and the system's facts about its disk. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EctopyError } from "../../../../src/contract/domain/errors.ts";
import {
  isConflictedCopy,
  parseDropboxInfo,
  parseMountinfo,
  parseMountOutput,
} from "../../../../src/main/base/storage-location.ts";
import {
  MANIFEST_FILE,
  readManifest,
  sha256,
  writeManifest,
  type Manifest,
} from "../../../../src/main/store/manifest.ts";
import { temporaryFolder } from "../folders.ts";
import { check, checkSame, MANY_INPUTS, utf8, utf8Text, type Input, type Target } from "../target.ts";

const DIGEST = "a".repeat(64);

const manifest: Manifest = {
  id: 3,
  files: [{ name: "records/r1.hea", bytes: 12, sha256: DIGEST }],
  content: {
    kind: "datasets",
    dataset: {
      name: "Sample",
      source: "/tmp/x",
      fingerprint: DIGEST,
      createdAt: "2024-01-01T00:00:00.000Z",
      patientsFrom: "names",
    },
    versions: [DIGEST],
    identified: true,
    corrections: [],
    records: [
      {
        name: "r1",
        usable: true,
        rate: 360,
        length: 1000,
        leads: ["MLII"],
        beats: { N: 3, V: 1 },
        otherAnnotations: 1,
        comments: ["69 M"],
        place: "below",
        patient: "21",
        knownAs: null,
        hashes: ["f4fcd3ddf6d63eb2"],
        annotators: [{ annotator: "atr", symbols: { "+": 1, N: 3, V: 1 } }],
        version: 1,
        findings: [{ severity: "note", message: "a", fix: "" }],
      },
    ],
    findings: [],
  },
};

/** A manifest of the folder, as its text. */
function written(): string {
  const folder = temporaryFolder();
  writeManifest(folder, manifest);
  return readFileSync(join(folder, MANIFEST_FILE), "utf8");
}

function refuseDamaged(read: ReturnType<typeof readManifest>): Manifest {
  if (read === undefined || read === "damaged") throw new EctopyError("damaged-file", "damaged", "none");
  return read;
}

/** Each change in a manifest is detected. */
export const manifestTarget: Target = {
  name: "manifest",
  inputs: MANY_INPUTS,
  parts: { "manifest.json": "json" },
  tokens: ["sha256", "manifest", "format", "id", "files", "content", DIGEST],
  examples: () => [[utf8(written())]],
  open() {
    const folder = temporaryFolder();
    const before = written();
    return {
      read([bytes]) {
        writeFileSync(join(folder, MANIFEST_FILE), bytes);
        refuseDamaged(readManifest(folder));
        check(utf8Text(bytes) === before, "a change went unseen");
      },
    };
  },
};

/** A manifest with the hash of its text, as another version or a person may have written it. */
export const manifestTextTarget: Target = {
  name: "manifest-text",
  inputs: MANY_INPUTS,
  parts: { "text.json": "json" },
  tokens: ["kind", "datasets", "runs", "preparations", "records", "findings", "beats", "files", "../x", "/etc/passwd"],
  examples: () => [[utf8(JSON.stringify({ format: 1, ...manifest }))]],
  open() {
    const folder = temporaryFolder();
    return {
      read([bytes]) {
        const text = utf8Text(bytes);
        writeFileSync(join(folder, MANIFEST_FILE), `{"sha256":"${sha256(text)}","manifest":${text}}\n`);
        const read = refuseDamaged(readManifest(folder));
        writeManifest(folder, read);
        checkSame("the manifest", refuseDamaged(readManifest(folder)), read);
      },
    };
  },
};

const mounts: readonly string[] = [
  "36 35 98:0 / /mnt/a\\040b rw,noatime - nfs4 server:/export rw,vers=4.2\n22 1 8:1 / / rw - ext4 /dev/sda1 rw\n",
  "//jo@server/share on /Volumes/share (smbfs, nodev, nosuid)\n/dev/disk1 on / (apfs, local)\n",
  '{"personal":{"path":"/home/jo/Dropbox","host":1},"business":{"path":"/home/jo/Work"}}',
  "ectopy (Jo's conflicted copy 2026-01-02).sqlite",
];

/** Lists of mounted disks, and files of synchronising programs. */
export const mountsTarget: Target = {
  name: "mounts",
  inputs: MANY_INPUTS,
  parts: { text: "text" },
  tokens: [" - ", " on /", " (", ", ", "\\040", "\\777", "nfs4", "fuse.sshfs", "path", "\n"],
  examples: () => mounts.map((text): Input => [utf8(text)]),
  open: () => ({
    read([bytes]) {
      const text = utf8Text(bytes);
      for (const { at, type, source } of [...parseMountinfo(text), ...parseMountOutput(text)]) {
        check(
          [at, type, source].every((field) => typeof field === "string"),
          "a mount without its place",
        );
      }
      check(
        parseDropboxInfo(text).every((path) => typeof path === "string"),
        "a folder that is no text",
      );
      isConflictedCopy(text);
    },
  }),
};
