/** HTTP routes of the server: files of the app, exchange of tokens, and uploads. */
import { Hono, type Context } from "hono";
import type { HttpBindings } from "@hono/node-server";
import { Readable } from "node:stream";
import type { z } from "zod";
import { importSchema } from "../../contract/domain/datasets.ts";
import { fileExportSchema } from "../../contract/domain/exports.ts";
import { EctopyError, reportError, type ErrorReport } from "../../contract/domain/errors.ts";
import { startExport } from "../api/exports/start-export.ts";
import { startImport, startInspection } from "../api/handlers/datasets.ts";
import type { Host } from "../api/host.ts";
import { readPage, securityHeaders } from "../api/pages.ts";
import type { Access } from "./access.ts";
import { entrancePage, messagePage } from "./html.ts";
import { TOKEN_LIFETIME_MS } from "./tokens.ts";
import type { ExportedFiles } from "./exported-files.ts";
import type { Uploads } from "./uploads.ts";

export interface RouteParts {
  host: Host;
  access: Access;
  uploads: Uploads;
  exportedFiles: ExportedFiles;
  /** Folder of the built renderer. */
  pages: string;
  log: (trace: string) => void;
}

type Bindings = { Bindings: HttpBindings };

/** The body of a request that ends an upload is a name. */
const MAX_BODY_BYTES = 10_000;
/** The body of a request that starts an export lists its runs. */
const MAX_EXPORT_BODY_BYTES = 1_000_000;

export function createRoutes({ host, access, uploads, exportedFiles, pages, log }: RouteParts): Hono<Bindings> {
  const app = new Hono<Bindings>();
  const html = (context: Context, status: 200 | 401 | 403 | 404, text: string, headers: Record<string, string> = {}) =>
    context.body(text, status, {
      ...securityHeaders,
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-store",
      ...headers,
    });
  const headersOf = ({ env }: { env: HttpBindings }) => env.incoming.headers;

  app.use(async (context, next) => {
    if (access.fromOurs(headersOf(context)) === null) return next();
    return html(
      context,
      403,
      messagePage("Not from here", "Open Ectopy by the address that it printed when it started."),
    );
  });

  app.get("/enter", (context) => {
    const cookie = access.exchange(context.req.query("token") ?? "");
    if (cookie !== null) return html(context, 200, entrancePage, { "Set-Cookie": cookie });
    // Opened twice: this browser is signed in.
    if (access.hasSession(headersOf(context))) return html(context, 200, entrancePage);
    return html(
      context,
      401,
      messagePage(
        "This address was used already, or is too old",
        "Each address lets one browser in, once. A browser that shows Ectopy offers another one under Settings.",
      ),
    );
  });

  app.get("*", (context, next) => {
    if (access.hasSession(headersOf(context))) return next();
    return html(
      context,
      401,
      messagePage("Ectopy does not know this browser", "Open the address that it printed when it started."),
    );
  });

  app.get("/exports/:export", async (context) => {
    const download = await exportedFiles.find(context.req.param("export"), access.sessionOf(headersOf(context)) ?? "");
    if (download === null) {
      return html(context, 404, messagePage("Not found", "This export does not exist any more. Export it again."));
    }
    return context.body(Readable.toWeb(download.open()) as ReadableStream, 200, {
      ...securityHeaders,
      // A name of Ectopy's: letters, digits, hyphens and points.
      "Content-Disposition": `attachment; filename="${download.name}"`,
      "Content-Type": "application/octet-stream",
      "Cache-Control": "no-store",
      ...(download.size === null ? {} : { "Content-Length": String(download.size) }),
    });
  });

  app.get("*", async (context) => {
    const page = await readPage(pages, new URL(context.req.url).pathname);
    if (page === null) return html(context, 404, messagePage("Not found", "There is nothing at this address."));
    return context.body(page.bytes, 200, page.headers);
  });

  // Everything below changes something: only pages of the app may request it, and they always name themselves.
  app.post("/addresses", (context) => {
    const headers = headersOf(context);
    const refusal = access.check(headers);
    if (refusal !== null) return context.body(null, refusal === "session" ? 401 : 403);
    // The checked host name of the request: through a tunnel it differs from the server's.
    const url = `http://${headers.host}/enter?token=${access.tokens.issue(TOKEN_LIFETIME_MS)}`;
    return context.json({ ok: true, value: { url, minutes: TOKEN_LIFETIME_MS / 60_000 } });
  });

  for (const path of ["/exports", "/uploads", "/uploads/*"]) {
    app.use(path, async (context, next) => {
      const refusal = access.check(headersOf(context));
      if (refusal === null) return next();
      const error: ErrorReport = {
        code: "not-connected",
        message: "Ectopy does not know this browser.",
        fix: "Open the address that it printed when it started.",
      };
      return context.json({ ok: false, error }, refusal === "session" ? 401 : 403, { ...securityHeaders });
    });
  }

  app.post("/exports", async (context) => {
    const text = await context.req.text();
    if (text.length > MAX_EXPORT_BODY_BYTES) throw notUnderstood();
    const request = parseJson(text, fileExportSchema);
    const { id, folder } = exportedFiles.begin(access.sessionOf(headersOf(context)) ?? "");
    const deliver = (places: readonly string[] | null): void => {
      if (places === null) void exportedFiles.end(id);
      else exportedFiles.complete(id, places);
    };
    const { job } = startExport(host.exporting, { ...request, folder }, { deliver });
    return context.json({ ok: true, value: { export: id, job } });
  });

  app.post("/uploads", async (context) => context.json({ ok: true, value: { upload: await uploads.begin() } }));

  app.put("/uploads/:upload/files/:path{.+}", async (context) => {
    const { body } = context.req.raw;
    const readable = body === null ? Readable.from([]) : Readable.fromWeb(body);
    // Hono decodes the path once; a name may hold any character.
    await uploads.receive(context.req.param("upload"), context.req.param("path"), readable);
    return context.json({ ok: true, value: null });
  });

  app.post("/uploads/:upload/inspect", async (context) => {
    const upload = context.req.param("upload");
    const text = await context.req.text();
    if (text.length > MAX_BODY_BYTES) throw notUnderstood();
    const { name: shown = "the upload" } = parseJson(text, importSchema.pick({ name: true }));
    const path = await uploads.contents(upload);
    const job = startInspection(host.services, path, { shown, release: () => uploads.end(upload) });
    return context.json({ ok: true, value: { job } });
  });

  app.post("/uploads/:upload/import", async (context) => {
    const upload = context.req.param("upload");
    const text = await context.req.text();
    if (text.length > MAX_BODY_BYTES) throw notUnderstood();
    const options = parseJson(text, importSchema);
    const path = await uploads.contents(upload);
    const shown = options.name ?? "the upload";
    const job = startImport(host.services, path, { ...options, shown, source: shown }, () => uploads.end(upload));
    return context.json({ ok: true, value: { job } });
  });

  app.delete("/uploads/:upload", async (context) => {
    await uploads.end(context.req.param("upload"));
    return context.json({ ok: true, value: null });
  });

  app.onError((error, context) => {
    const report = reportError(error);
    if (report.code === "bug") log(error.stack ?? error.message);
    return context.json({ ok: false, error: report }, report.code === "bug" ? 500 : 400, { ...securityHeaders });
  });
  app.notFound((context) => html(context, 404, messagePage("Not found", "There is nothing at this address.")));
  return app;
}

function parseJson<T>(text: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw notUnderstood();
  }
}

function notUnderstood(): EctopyError {
  return new EctopyError("damaged-message", "The request could not be understood.", "Load the page again.");
}
