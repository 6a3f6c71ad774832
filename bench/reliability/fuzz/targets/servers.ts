/**
 * Answers of other servers (MLflow, PhysioNet), their lists and pages, and files of interrupted downloads. The requests
 * are answered here: no network.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EctopyError } from "../../../../src/contract/domain/errors.ts";
import { physioNetDatabases } from "../../../../src/contract/domain/physionet.ts";
import { findMlflowExperiment } from "../../../../src/main/workers/mlflow-experiments.ts";
import { fetchFile } from "../../../../src/main/services/downloads/fetch-file.ts";
import { chosenServer, PhysioNetServer } from "../../../../src/main/services/downloads/physionet-server.ts";
import type { Fetch } from "../../../../src/main/base/network/network.ts";
import { MlflowClient } from "../../../../src/main/services/exports/mlflow/client.ts";
import { IDENTITY_TAG, STAMP_TAG } from "../../../../src/main/services/exports/mlflow/mlflow-run.ts";
import { placeOf } from "../../../../src/main/services/exports/mlflow/place.ts";
import {
  filesBelow,
  findExperiment,
  findRuns,
} from "../../../../src/main/services/exports/mlflow/server-experiment.ts";
import { yamlText } from "../../../../src/main/services/exports/mlflow/yaml.ts";
import {
  FilesOfRecords,
  isSafePath,
  parseChecksums,
  parseRecordNames,
  recordsOfFiles,
} from "../../../../src/pipeline/recordings/physionet/server-lists.ts";
import { parseDatabasePage, parseFolderIndex } from "../../../../src/pipeline/recordings/physionet/server-pages.ts";
import { temporaryFolder } from "../folders.ts";
import { check, FEW_INPUTS, MANY_INPUTS, utf8, utf8Text, type Input, type Target } from "../target.ts";

const sha256Of = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Returns the answers of an input one after the other, and the last one repeatedly. */
function answersOf(bytes: Uint8Array): Answer[] {
  let given: unknown;
  try {
    given = JSON.parse(utf8Text(bytes));
  } catch {
    // Not JSON: the server sends it unchanged.
    given = [{ status: 200, body: utf8Text(bytes) }];
  }
  const list: unknown[] = Array.isArray(given) && given.length > 0 ? given : [given];
  return list.map((each) => {
    const { status, headers, body } = (typeof each === "object" && each !== null ? each : { body: each }) as Record<
      string,
      unknown
    >;
    const isStatus = typeof status === "number" && Number.isInteger(status) && status >= 200 && status <= 599;
    const text = typeof body === "string" ? body : written(body);
    return { status: isStatus ? status : 200, headers: headersOf(headers), body: text };
  });
}

function written(body: unknown): string {
  try {
    return JSON.stringify(body) ?? "";
  } catch {
    return ""; // nested too deeply to be written
  }
}

/** Statuses that a response can have: `fetch` refuses others. */
function headersOf(given: unknown): Record<string, string> {
  if (typeof given !== "object" || given === null) return {};
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]): [string, string][] => {
      try {
        new Headers([[name, String(value)]]);
        return [[name, String(value)]];
      } catch {
        return [];
      }
    }),
  );
}

const noBody = new Set([204, 205, 304]);

function fetchOf(answer: (sent: Headers) => Answer): Fetch {
  return (_, { headers: given }) =>
    new Promise((resolve) => {
      // As in a real request: a header that can't be sent is refused here.
      const sent = new Headers(given);
      const { status, headers, body } = answer(sent);
      resolve(new Response(noBody.has(status) ? null : Buffer.from(body, "latin1"), { status, headers }));
    });
}

/** Requests for one experiment after which a client counts as looping. */
const MAX_CALLS = 200;

function checkCalls(calls: number): void {
  check(calls < MAX_CALLS, `the server is asked ${MAX_CALLS} times and more`);
}

const experiment = {
  experiment: { experiment_id: "7", artifact_location: "mlflow-artifacts:/7", lifecycle_stage: "active" },
};
const run = {
  info: { run_id: "r", artifact_uri: "mlflow-artifacts:/7/r/artifacts" },
  data: {
    metrics: [{ key: "loss" }],
    params: [{ key: "batch", value: "512" }],
    tags: [] as { key: string; value: string }[],
  },
  inputs: { dataset_inputs: [{ dataset: { digest: "d" } }] },
};
run.data.tags = [IDENTITY_TAG, STAMP_TAG].map((key) => ({ key, value: "a" }));

export const mlflowAnswersTarget: Target = {
  name: "mlflow-answers",
  inputs: FEW_INPUTS,
  parts: { "answers.json": "json" },
  tokens: [
    ...[
      "experiment",
      "experiment_id",
      "artifact_location",
      "lifecycle_stage",
      "deleted",
      "runs",
      "info",
      "data",
      "tags",
      "key",
    ],
    ...[
      "value",
      "next_page_token",
      "error_code",
      "RESOURCE_DOES_NOT_EXIST",
      "RESOURCE_ALREADY_EXISTS",
      "message",
      "status",
    ],
  ],
  examples: () =>
    [
      [
        { status: 200, body: experiment },
        { status: 200, body: { runs: [run], next_page_token: "p" } },
        { status: 200, body: { runs: [run] } },
      ],
      [
        { status: 404, body: { error_code: "RESOURCE_DOES_NOT_EXIST", message: "no" } },
        { status: 200, body: { experiment_id: "7" } },
        { status: 200, body: experiment },
        { status: 200, body: {} },
      ],
    ].map((answers): Input => [utf8(JSON.stringify(answers))]),
  open() {
    let answers: Answer[] = [];
    let calls = 0;
    const fetch = fetchOf(() => {
      if (calls >= MAX_CALLS) throw new Error("asked too often"); // checked below: a client treats it as a failed connection
      return answers[Math.min(calls++, answers.length - 1)];
    });
    const times = { call: 1000, file: 1000, again: 0 };
    const address = { url: "http://localhost:5000", authorization: null };
    return {
      async read([bytes]) {
        answers = answersOf(bytes);
        calls = 0;
        const client = new MlflowClient(address, new AbortController().signal, { times, fetch });
        try {
          const id = await findExperiment(client, "E");
          check(typeof id === "string", "no number of an experiment");
          for (const { id: found, artifactUri } of (await findRuns(client, id, ["a"])).values()) {
            check(typeof found === "string", "no number of a run");
            if (artifactUri !== "") filesBelow(artifactUri, client.url);
          }
        } finally {
          checkCalls(calls);
        }
      },
    };
  },
};

const meta = { artifact_location: "file:///tmp/mlruns/1", creation_time: 1_700_000_000_000, experiment_id: "1" };

/** Experiments in a folder of MLflow: another file must not keep the export from finding or creating its experiment. */
export const mlflowFolderTarget: Target = {
  name: "mlflow-folder",
  inputs: MANY_INPUTS,
  endsThreads: true,
  parts: { "meta.yaml": "text" },
  tokens: [
    "name: ",
    "E",
    "- ",
    "{",
    "[",
    "]",
    "}",
    "&a",
    "*a",
    "<<: *a",
    "!!js/function",
    "|",
    ">",
    '"',
    "'",
    "#",
    "---",
    "\t",
    ": ",
    "? ",
    "%YAML 1.1",
  ],
  examples: () => [
    [utf8(yamlText({ ...meta, lifecycle_stage: "active", name: "E" }))],
    [utf8(yamlText({ ...meta, name: "Other: “one”", tags: ["a", { b: [1, 2.5, null, true] }] }))],
    [utf8("a: &a [1]\nb: &b [*a, *a]\nname: E\nlong: |\n  text\n  more\n")],
  ],
  open() {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "1"));
    return {
      read([bytes]) {
        writeFileSync(join(folder, "1", "meta.yaml"), bytes);
        const found = findMlflowExperiment(folder, "E", () => {});
        check(found === null || found === "1", `the experiment ${found}`);
      },
      close: () => rmSync(folder, { recursive: true }),
    };
  },
};

/** Addresses and folders of exports, and the address of a mirror. */
export const placesTarget: Target = {
  name: "addresses-of-servers",
  inputs: MANY_INPUTS,
  parts: { place: "text" },
  tokens: [
    "http://",
    "https://",
    "file://",
    "ftp://",
    "user:password@",
    "%zz",
    "%00",
    ":99999",
    "[::1]",
    "/",
    "?",
    "#",
    "\n",
    "é.example",
  ],
  examples: () =>
    [
      "http://localhost:5000/mlflow/",
      "https://user:pass%40@host.example",
      "file:///tmp/mlruns",
      "/tmp/mlruns",
      "mlruns",
    ].map((place): Input => [utf8(place)]),
  open: () => ({
    read([bytes]) {
      const text = utf8Text(bytes);
      const place = placeOf(text, {}, {});
      if (place.kind === "server") {
        const { protocol, username, password } = new URL(place.url);
        const isPlain = /^https?:$/.test(protocol) && username === "" && password === "";
        check(isPlain && !place.url.endsWith("/"), `the address ${place.url}`);
      }
      try {
        chosenServer(text);
      } catch (error) {
        if (!(error instanceof EctopyError)) throw error;
      }
    },
  }),
};

const listed = ["100", "101"].flatMap((name) => ["hea", "dat", "atr"].map((ending) => `${name}.${ending}`));
const checksums = [...listed, "RECORDS"]
  .map((name, i) => `${String(i).repeat(64)} ${i % 2 ? "*" : " "}${name}\n`)
  .join("");

export const serverListsTarget: Target = {
  name: "physionet-lists",
  inputs: MANY_INPUTS,
  parts: { "SHA256SUMS.txt": "text", RECORDS: "text" },
  tokens: ["RECORDS", "100.hea", "../100", "con", "nul", "<html>", "\r\n", " *", "  ", "a".repeat(64), "\u0000", "/"],
  examples: () => [[utf8(checksums), utf8("100\n101\n")]],
  open: () => ({
    read([sums, names]) {
      const known = parseChecksums(utf8Text(sums));
      const files = new FilesOfRecords(known);
      for (const record of [...parseRecordNames(utf8Text(names)).records, ...recordsOfFiles(known)]) {
        for (const { name, sha256 } of [...files.of(record), ...files.namedBy(`${record}.hea`, utf8Text(names))]) {
          check(isSafePath(name) && !name.split("/").includes(".."), `the file ${JSON.stringify(name)}`);
          check(/^[0-9a-f]{64}$/.test(sha256), `the checksum ${sha256}`);
        }
      }
    },
  }),
};

const PAGE = `<html><head><meta name="citation_title" content="A &amp; B"></head><h1 class="x">A &amp; B</h1>
<p>Published: Aug. 3, 1999. Version: 1.0.0 </p><strong>When using this resource, please cite:</strong>
<br><span>Some One (1999). A and B (version 1.0.0). PhysioNet.</span>
<p><strong>Access Policy:</strong><br>Anyone can access the files.</p>
<p><strong>License (for files):</strong><br><a href="/l/">Open Data Commons Attribution License v1.0</a></p>
<a href="https://doi.org/10.13026/C2V30W">doi</a> Total uncompressed size: 794.8 MB.`;
const INDEX = `<html><h1>Index of /files/x/1.0.0/</h1><pre><a href="../">../</a>
<a href="sub/">sub/</a>   01-Aug-2019 21:12   -
<a href="100.dat">100.dat</a>   30-Jul-1992 23:00   1950000
</pre></html>`;

/** Pages of a database and of a folder: text for people, of which some is read. */
export const serverPagesTarget: Target = {
  name: "physionet-pages",
  inputs: MANY_INPUTS,
  parts: { page: "text", index: "text" },
  tokens: ["<a href=", "</a>", "<span>", "</p>", "&#x110000;", "&amp;", "%", "../", "<strong>", "Version:", "GB"],
  examples: () => [[utf8(PAGE), utf8(INDEX)]],
  open: () => ({
    read([page, index]) {
      const { citations, bytes } = parseDatabasePage(utf8Text(page));
      check(
        citations.every((text) => !text.includes("\n")),
        "a citation of several lines",
      );
      check(bytes === null || Number.isSafeInteger(bytes) || bytes > 2 ** 53, `the size ${bytes}`);
      for (const [name, size] of parseFolderIndex(utf8Text(index)).files) {
        check(!name.startsWith("/") && !name.startsWith(".."), `the file ${name}`);
        check(Number.isSafeInteger(size), `the size ${size}`);
      }
    },
  }),
};

const database = physioNetDatabases.mitdb;
const WHOLE = Buffer.from("r1 1 360 4\nr1.dat 16\n".repeat(40));
const FILE = { name: "r1.hea", sha256: sha256Of(WHOLE) };
const MOST_BYTES = 2000;
const ETAG = '"v1"';

function serverOf(fetch: Fetch): PhysioNetServer {
  const options = { times: { silence: 1000, again: 0 }, signal: new AbortController().signal, fetch };
  return new PhysioNetServer(new URL("http://localhost/files/"), database, options);
}

/** Answers to a download of one file, with or without a part from an interrupted download. */
export const physioNetAnswersTarget: Target = {
  name: "physionet-answers",
  inputs: FEW_INPUTS,
  parts: { "answers.json": "json", part: "bytes" },
  tokens: [
    "content-range",
    "etag",
    "last-modified",
    "location",
    "https://x.example",
    "//x",
    "bytes 10-",
    "bytes 0-1/2",
    "W/",
    ETAG,
  ],
  examples: () => {
    const good = { status: 200, headers: { etag: ETAG }, body: WHOLE.toString("latin1") };
    const rest = {
      status: 206,
      headers: { "content-range": `bytes 100-${WHOLE.length - 1}/${WHOLE.length}` },
      body: WHOLE.subarray(100).toString("latin1"),
    };
    return [
      [utf8(JSON.stringify([good])), new Uint8Array(0)],
      [utf8(JSON.stringify([rest])), WHOLE.subarray(0, 100)],
      [
        utf8(JSON.stringify([{ status: 302, headers: { location: "http://localhost/other" }, body: "" }, good])),
        new Uint8Array(0),
      ],
    ];
  },
  open() {
    const folder = temporaryFolder();
    let answers: Answer[] = [];
    let calls = 0;
    const fetch = fetchOf(() => {
      if (calls >= MAX_CALLS) throw new Error("asked too often"); // checked below: a client treats it as a failed connection
      return answers[Math.min(calls++, answers.length - 1)];
    });
    return {
      async read([bytes, part]) {
        answers = answersOf(bytes);
        calls = 0;
        rmSync(join(folder, FILE.name), { force: true });
        if (part.length > 0) writeFileSync(join(folder, `${FILE.name}.part`), part);
        else rmSync(join(folder, `${FILE.name}.part`), { force: true });
        try {
          await fetchFile(serverOf(fetch), folder, FILE, {
            signal: new AbortController().signal,
            maxBytes: MOST_BYTES,
            onBytes: () => {},
          });
          check(sha256Of(readFileSync(join(folder, FILE.name))) === FILE.sha256, "other bytes than listed");
        } finally {
          checkCalls(calls);
          for (const name of readdirSync(folder)) {
            check([FILE.name, `${FILE.name}.part`, `${FILE.name}.part.tag`].includes(name), `the file ${name}`);
            const limit = Math.max(MOST_BYTES, part.length);
            check(statSync(join(folder, name)).size <= limit, "more bytes than the file can have");
          }
        }
      },
      close: () => rmSync(folder, { recursive: true }),
    };
  },
};

/**
 * Files of an interrupted download never keep the next one from succeeding: the server works, so no input may be
 * refused.
 */
export const downloadLeftoversTarget: Target = {
  name: "download-leftovers",
  inputs: FEW_INPUTS,
  parts: { part: "bytes", "part.tag": "bytes" },
  tokens: [ETAG, "\r\n", "\u0000", "Mon, 01 Jan 2024 00:00:00 GMT", "é"],
  examples: () => [
    [WHOLE.subarray(0, 100), utf8(ETAG)],
    [WHOLE, utf8(ETAG)],
    [new Uint8Array(0), utf8("Mon, 01 Jan 2024 00:00:00 GMT")],
  ],
  open() {
    const folder = temporaryFolder();
    const path = join(folder, FILE.name);
    const fetch = fetchOf((sent) => {
      const from = Number(/^bytes=(\d+)-$/.exec(sent.get("range") ?? "")?.[1] ?? 0);
      const isSameVersion = (sent.get("if-range") ?? ETAG) === ETAG;
      if (from === 0 || !isSameVersion) return { status: 200, headers: { etag: ETAG }, body: WHOLE.toString("latin1") };
      if (from >= WHOLE.length) return { status: 416, headers: {}, body: "" };
      const range = { "content-range": `bytes ${from}-${WHOLE.length - 1}/${WHOLE.length}`, etag: ETAG };
      return { status: 206, headers: range, body: WHOLE.subarray(from).toString("latin1") };
    });
    return {
      async read([part, tag]) {
        rmSync(path, { force: true });
        writeFileSync(`${path}.part`, part);
        writeFileSync(`${path}.part.tag`, tag);
        try {
          await fetchFile(serverOf(fetch), folder, FILE, {
            signal: new AbortController().signal,
            maxBytes: MOST_BYTES,
            onBytes: () => {},
          });
        } catch (error) {
          check(false, `a leftover stops the download: ${error instanceof Error ? error.message : ""}`);
        }
        check(sha256Of(readFileSync(path)) === FILE.sha256, "other bytes than listed");
      },
      close: () => rmSync(folder, { recursive: true }),
    };
  },
};
