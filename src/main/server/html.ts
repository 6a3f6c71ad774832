/** Pages of the server itself, without scripts, before the app may be loaded. */

const page = (title: string, head: string, body: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="UTF-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="icon" href="data:," />
    <title>${title} · Ectopy</title>${head}
    <style>
      :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
      main { max-width: 36rem; margin: 20vh auto; padding: 0 2rem }
    </style>
  </head>
  <body><main>${body}</main></body>
</html>
`;

/** @param message a fixed text, like the title: nothing of a request is written into a page */
export function messagePage(title: string, message: string): string {
  return page(title, "", `<h1>${title}</h1><p>${message}</p>`);
}

/**
 * Redirects to the app from a page of this server: a browser that followed another site's link would not send the new
 * cookie with an HTTP redirect (`SameSite=Strict`). The page also removes the token's address from the history.
 */
export const entrancePage = page(
  "Opening",
  '\n    <meta http-equiv="refresh" content="0; url=/" />',
  "<p>Opening Ectopy…</p>",
);

/** Redirects from a file to the server. @param address made by this server */
export function redirectPage(address: string): string {
  const url = new URL(address).href.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  const head = `\n    <meta name="referrer" content="no-referrer" />\n    <meta http-equiv="refresh" content="0; url=${url}" />`;
  return page("Opening", head, `<p>Opening Ectopy… If nothing happens, <a href="${url}">open it</a>.</p>`);
}
