/** Writes a report as one self-contained HTML file: its policy forbids scripts, fonts and pictures from elsewhere. */
import { escapeXml as escape } from "../figures/print-figure.ts";
import { timeText } from "./sections.ts";
import type { Block, Cell, Column, ReportDocument, Section, Table } from "./document.ts";

export function reportHtml(document: ReportDocument): string {
  const { title, subtitle, notice, date, madeBy, sections } = document;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="${escape(madeBy)}">
<title>${escape(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<h1>${escape(title)}</h1>
<p class="subtitle">${escape(subtitle)}</p>
<p class="notice">${escape(notice)}</p>
</header>
${sections.map(section).join("\n")}
<footer>${escape(notice)} Made by ${escape(madeBy)} of what was stored on ${escape(timeText(date))}.</footer>
</main>
</body>
</html>
`;
}

function section({ title, blocks, isLandscape }: Section, number: number): string {
  return `<section${isLandscape ? ' class="landscape"' : ""}>\n<h2>${number + 1}&#8194;${escape(title)}</h2>\n${blocks.map(block).join("\n")}\n</section>`;
}

function block(given: Block): string {
  switch (given.kind) {
    case "paragraph":
      return `<p>${escape(given.text)}</p>`;
    case "heading":
      return `<h3>${escape(given.text)}</h3>`;
    case "list":
      return `<ul>${given.items.map((item) => `<li>${escape(item)}</li>`).join("")}</ul>`;
    case "facts":
      return `<dl>${given.rows.map(([name, value]) => `<div><dt>${escape(name)}</dt><dd>${escape(value)}</dd></div>`).join("")}</dl>`;
    case "highlights":
      return `<ul class="highlights">${given.items
        .map(
          ({ name, value, note }) =>
            `<li><span>${escape(name)}</span><strong>${escape(value)}</strong><small>${escape(note)}</small></li>`,
        )
        .join("")}</ul>`;
    case "table":
      return table(given);
    case "figures":
      return `<div class="figures">${given.figures
        .map(
          ({ svg, caption, width }) =>
            // Drawn by Ectopy: foreign text in it is escaped.
            `<figure style="max-width:${width}px">${svg}<figcaption>${escape(caption)}</figcaption></figure>`,
        )
        .join("")}</div>`;
  }
}

function table({ caption, columns, rows, total = false, size }: Table): string {
  const head = columns.map((column) => `<th scope="col"${sideOf(column)}>${escape(column.title)}</th>`).join("");
  const row = (cells: readonly Cell[]): string => `<tr>${cells.map((each, i) => cell(each, columns[i])).join("")}</tr>`;
  const body = total ? rows.slice(0, -1) : rows;
  const foot = total ? `<tfoot>${rows.slice(-1).map(row).join("")}</tfoot>` : "";
  return `<table${size === undefined ? "" : ` class="${size}"`}><caption>${escape(caption)}</caption><thead><tr>${head}</tr></thead><tbody>${body.map(row).join("")}</tbody>${foot}</table>`;
}

function cell(given: Cell, column: Column): string {
  if (typeof given === "string") return `<td${sideOf(column)}>${escape(given)}</td>`;
  return `<th scope="row"><span class="swatch" style="background:${given.colour}"></span>${escape(given.label)}</th>`;
}

function sideOf({ numeric }: Column): string {
  return numeric ? ' class="n"' : "";
}

const STYLE = `
@page { size: A4; margin: 17mm 15mm; }
* { box-sizing: border-box; }
html { color: #1b2024; background: #fff; color-scheme: light; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
body { margin: 0; font: 10pt/1.45 Inter, "Helvetica Neue", Arial, system-ui, sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 188mm; margin: 12mm auto; padding: 0 4mm; }
header { border-bottom: 1.5pt solid #1b2024; margin-bottom: 5mm; }
h1 { font-size: 18pt; line-height: 1.2; margin: 0 0 1mm; letter-spacing: -0.01em; overflow-wrap: anywhere; }
.subtitle { margin: 0 0 2mm; color: #59636c; }
.notice { margin: 0 0 3mm; font-weight: 600; color: #8f2a1e; }
h2 { font-size: 12.5pt; margin: 7mm 0 2mm; break-after: avoid; }
h3 { font-size: 10.5pt; margin: 4mm 0 1mm; break-after: avoid; }
p { margin: 0 0 2mm; overflow-wrap: anywhere; white-space: pre-line; }
ul { margin: 0 0 2mm; padding-left: 5mm; }
li { margin-bottom: 1mm; }
dl { margin: 0 0 3mm; font-size: 9pt; }
dl > div { display: grid; grid-template-columns: 46mm 1fr; gap: 4mm; padding: 0.7mm 0; border-bottom: 0.5pt solid #e1e4e5; break-inside: avoid; }
dt { color: #59636c; }
dd { margin: 0; overflow-wrap: anywhere; }
.highlights { list-style: none; padding: 0; margin: 0 0 4mm; display: grid; grid-template-columns: repeat(4, 1fr); gap: 3mm; break-inside: avoid; }
.highlights li { border-top: 1.5pt solid #0b6e75; padding-top: 1.5mm; margin: 0; }
.highlights span, .highlights small { display: block; font-size: 8pt; color: #59636c; }
.highlights strong { display: block; font-size: 15pt; font-weight: 600; line-height: 1.3; }
table { width: 100%; border-collapse: collapse; margin: 2mm 0 5mm; font-size: 8.5pt; line-height: 1.3; border-bottom: 1pt solid #1b2024; }
table.small { font-size: 7.5pt; }
caption { text-align: left; font-size: 8.5pt; color: #1b2024; padding-bottom: 1.5mm; break-after: avoid; }
thead th { font-weight: 600; border-top: 1pt solid #1b2024; border-bottom: 0.5pt solid #1b2024; vertical-align: bottom; }
tbody td, tbody th { border-bottom: 0.5pt solid #eceeef; }
tfoot td { border-top: 0.5pt solid #1b2024; font-weight: 600; }
th, td { text-align: left; padding: 0.8mm 1.2mm; vertical-align: top; overflow-wrap: anywhere; }
th:first-child, td:first-child { padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
td.n, th.n { text-align: right; white-space: nowrap; }
th.n { white-space: normal; overflow-wrap: normal; }
tr { break-inside: avoid; }
.swatch { display: inline-block; width: 2.4mm; height: 2.4mm; margin-right: 1.5mm; }
.figures { display: flex; flex-wrap: wrap; gap: 5mm; justify-content: space-between; margin: 2mm 0 5mm; }
figure { margin: 0; break-inside: avoid; }
figure svg { display: block; width: 100%; height: auto; }
figcaption { font-size: 8.5pt; line-height: 1.35; margin-top: 1.5mm; }
.landscape .figures { gap: 3mm; }
@page landscape { size: A4 landscape; margin: 12mm 15mm; }
footer { margin-top: 8mm; padding-top: 2mm; border-top: 0.5pt solid #1b2024; font-size: 8pt; color: #59636c; }
@media print { main { max-width: none; margin: 0; padding: 0; } .landscape { page: landscape; } }
`;
