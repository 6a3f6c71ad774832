import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isOpenAccess, latestVersion, licenceName, parseDatabasePage, parseFolderIndex } from "./server-pages.ts";

/** In the manner of PhysioNet's pages; shortened. */
const LEGACY = `<html><body>
<h1 class="form-signin-heading">European ST-T Database</h1>
<p>Published: Aug. 3, 1999. Version: 1.0.0</p>
<div class="alert alert-secondary">
<strong>When using this resource, please cite the original publication:</strong>
<p><a href="https://doi.org/10.1093/x">Taddei A, et al. The European ST-T Database &amp; more. Eur Heart J 13, 1992.</a></p>
<p><strong>Please include the standard citation for PhysioNet:</strong>
<a href="#m">(show more options)</a><br><span>Goldberger, A., et al. PhysioBank, PhysioToolkit, and PhysioNet.</span></p></div>
<p><strong>Access Policy:</strong><br>
 Anyone can access the files, as long as they conform to the terms of the specified license.</p>
<p><strong>License (for files):</strong><br> <a href="/content/edb/view-license/1.0.0/">Open Data Commons Attribution License v1.0</a></p>
<p><strong>DOI:</strong><br><a href="https://doi.org/10.13026/C2D59Z">https://doi.org/10.13026/C2D59Z</a></p>
<p>Total uncompressed size: 283.4 MB.</p>`;

describe("a database's page", () => {
  it("gives title, version, licence, citations and size", () => {
    expect(parseDatabasePage(LEGACY)).toMatchObject({
      title: "European ST-T Database",
      version: "1.0.0",
      licence: "Open Data Commons Attribution License v1.0",
      citations: [
        "Taddei A, et al. The European ST-T Database & more. Eur Heart J 13, 1992.",
        "Goldberger, A., et al. PhysioBank, PhysioToolkit, and PhysioNet.",
      ],
      bytes: Math.round(283.4 * 1024 ** 2),
    });
    expect(isOpenAccess(parseDatabasePage(LEGACY).access)).toBe(true);
  });

  it("says who may download the files", () => {
    const html =
      "<p><strong>Access Policy:</strong><br> Only credentialed users who sign the DUA can access the files.</p>";
    const { access } = parseDatabasePage(html);
    expect(access).toBe("Only credentialed users who sign the DUA can access the files.");
    expect(isOpenAccess(access)).toBe(false);
  });

  it("is read without an error for any text", () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(LEGACY.length), (text, at) => {
        expect(parseDatabasePage(LEGACY.slice(0, at) + text + LEGACY.slice(at)).citations.length).toBeLessThan(10);
      }),
    );
  });
});

describe("a folder's index", () => {
  it("gives sizes in bytes, and folders", () => {
    const { files, folders } = parseFolderIndex(
      `<pre><a href="../">../</a>\n<a href="x_mitdb/">x_mitdb/</a>  01-Aug-2019 21:12    -\n` +
        `<a href="100.dat">100.dat</a>   30-Jul-1992 23:00    1950000\n<a href="a%2Bb.hea">a+b.hea</a> 1-Aug-2019 10:00 212\n</pre>`,
    );
    expect([...files]).toEqual([
      ["100.dat", 1_950_000],
      ["a+b.hea", 212],
    ]);
    expect(folders).toEqual(["x_mitdb"]);
  });
});

describe("the latest version", () => {
  it.each([
    [["1.0.0", "1.10.0", "1.9.0", "static"], "1.10.0"],
    [["3.1", "3.0.1"], "3.1"],
    [["latest"], null],
  ])("of %j is %s", (names, version) => {
    expect(latestVersion(names)).toBe(version);
  });
});

describe("the name of a licence", () => {
  it("is its first line with letters", () => {
    expect(licenceName("\n=====\n  Open Data Commons Attribution License v1.0 \n\nPreamble")).toBe(
      "Open Data Commons Attribution License v1.0",
    );
  });
});
