/** Input from a browser or another client: headers, names of uploads, addresses of pages. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { EctopyError } from "../../../../src/contract/domain/errors.ts";
import { readPage } from "../../../../src/main/api/pages.ts";
import { sweepTemporary } from "../../../../src/main/base/temporary.ts";
import { Access } from "../../../../src/main/server/access.ts";
import { SessionStore } from "../../../../src/main/server/sessions.ts";
import { Uploads } from "../../../../src/main/server/uploads.ts";
import { Cell, temporaryFolder } from "../folders.ts";
import { check, FEW_INPUTS, latin1Text, MANY_INPUTS, utf8, utf8Text, type Input, type Target } from "../target.ts";

const PORT = 4680;
const TOKEN_LIFETIME_MS = 10_000;
/** One of the names of a server on loopback. */
const OWN_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;
/** Placeholder for the session in an input: its value is random, and known once the reader is open. */
const SESSION = "SESSION";

/** Headers with their values, one on each line. */
export const headersTarget: Target = {
  name: "http-headers",
  inputs: MANY_INPUTS,
  parts: { headers: "text" },
  tokens: [
    ...[
      "host",
      "origin",
      "cookie",
      "sec-fetch-site",
      "sec-fetch-mode",
      "sec-fetch-dest",
      "same-origin",
      "cross-site",
      "none",
    ],
    ...[
      `ectopy-${PORT}=`,
      SESSION,
      "; ",
      "=",
      "localhost",
      "127.0.0.1",
      "[::1]",
      "[::ffff:127.0.0.1]",
      "evil.example",
      ":4680",
    ],
    ...["http://", "https://", "null", "@", "navigate", "document", "\t", "\n"],
  ],
  examples: () => [
    [utf8(`host localhost:${PORT}\norigin http://localhost:${PORT}\ncookie a=b; ectopy-${PORT}=${SESSION}\n`)],
    [
      utf8(
        `host 127.0.0.1:${PORT}\norigin http://127.0.0.1:${PORT}\nsec-fetch-site same-origin\ncookie ectopy-${PORT}=${SESSION}`,
      ),
    ],
  ],
  open() {
    const folder = temporaryFolder();
    const access = new Access("127.0.0.1", folder, new SessionStore(join(folder, "sessions.json")));
    access.setPort(PORT);
    const session = /=([^;]*)/.exec(access.exchange(access.tokens.issue(TOKEN_LIFETIME_MS)) ?? "")?.[1] ?? "";
    check(session.length > 20, "no session was given");
    return {
      read([bytes]) {
        const text = latin1Text(bytes).replaceAll(SESSION, session);
        const headers = Object.fromEntries(
          text.split("\n").map((line): [string, string] => {
            const end = line.indexOf(" ");
            return end < 0 ? [line, ""] : [line.slice(0, end), line.slice(end + 1)];
          }),
        );
        const refusal = access.check(headers);
        check(access.exchange(text) === null, "a token that is none was exchanged");
        if (refusal !== null) throw new EctopyError("not-connected", refusal, "none");
        const { host = "", origin, cookie = "" } = headers;
        check(OWN_HOST.test(host), `the host ${JSON.stringify(host)} is let in`);
        check(origin === `http://${host}`, `the origin ${JSON.stringify(origin)} is let in`);
        check(cookie.includes(`ectopy-${PORT}=${session}`), "a cookie without the session is let in");
      },
    };
  },
};

/** Names of uploaded files, two in one upload. */
export const uploadsTarget: Target = {
  name: "upload-names",
  inputs: FEW_INPUTS,
  parts: { first: "text", second: "text" },
  tokens: [
    "/",
    "..",
    ".",
    "\\",
    ":",
    "\u0000",
    "\n",
    "con",
    "x".repeat(260),
    "\u{1f600}",
    "é",
    "a/b/c/d/e/f/g/h/i",
    "%2e%2e",
    "~",
  ],
  examples: () =>
    [
      ["db/100.hea", "db/100.dat"],
      ["100.hea", "a/b/c"],
      ["a", "b"],
    ].map((names): Input => names.map(utf8)),
  open() {
    const cell = new Cell();
    cell.reset();
    // As in a workspace that this process owns.
    sweepTemporary(cell.folder);
    const folder = join(cell.folder, "temporary");
    const uploads = new Uploads({ file: 100, total: 150, files: 3, uploads: 2 });
    return {
      async read(input) {
        const upload = await uploads.begin();
        try {
          for (const name of input)
            await uploads.receive(upload, utf8Text(name), Readable.from([Buffer.from("bytes")]));
          check(readdirSync(folder).length === 1, "a folder beside the upload's");
        } finally {
          cell.checkConfined();
          await uploads.end(upload);
          check(readdirSync(cell.folder).join() === "temporary", "a file beside the temporary ones");
          check(readdirSync(folder).length === 0, "an upload was left");
        }
      },
      close: () => cell.remove(),
    };
  },
};

/** Addresses of pages, still encoded. */
export const pagesTarget: Target = {
  name: "page-addresses",
  inputs: FEW_INPUTS,
  parts: { address: "text" },
  tokens: [
    "/",
    "..",
    "%2e%2e%2f",
    "%2f",
    "%5c",
    "%00",
    "%",
    "%ff",
    "index.html",
    ".json",
    ".html",
    "secret.json",
    "?t=1",
    "//",
    "\\",
  ],
  examples: () => [[utf8("/runs/1")], [utf8("/assets/a.js")], [utf8("/recordings/1/100?t=3.5")]],
  open() {
    const cell = new Cell();
    cell.reset();
    const secret = "outside of the pages";
    mkdirSync(join(cell.folder, "assets"));
    writeFileSync(join(cell.folder, "index.html"), "<p>page</p>");
    writeFileSync(join(cell.folder, "assets", "a.js"), "1");
    for (const above of ["..", "../.."]) writeFileSync(join(cell.folder, above, "secret.json"), secret);
    return {
      async read([bytes]) {
        const url = URL.parse(`http://localhost${utf8Text(bytes)}`);
        if (url === null) throw new EctopyError("not-found", "no address", "none");
        const page = await readPage(cell.folder, url.pathname);
        if (page === null) throw new EctopyError("not-found", "no page", "none");
        check(page.bytes.toString() !== secret, "a file outside of the pages was read");
      },
      close: () => cell.remove(),
    };
  },
};
