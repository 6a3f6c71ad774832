import { describe, expect, it } from "vitest";
import { evaluationOf } from "../../testing/examples.ts";
import { mountComponent, type Mounted } from "../../testing/mount-component.ts";
import ConfusionMatrix from "./confusion-matrix.vue";

/** Two mistakes of 2,000 beats round to nothing; V is never predicted as N; F occurs nowhere. */
const confusion = [
  [1_998, 0, 2],
  [0, 150, 50],
  [0, 0, 0],
];
const evaluation = evaluationOf(confusion, ["N", "V", "F"]);

const mountMatrix = (props: Record<string, unknown> = {}): Promise<Mounted> =>
  mountComponent(ConfusionMatrix, { props: { evaluation, set: "test", cells: "counts", beatsOf: 7, ...props } });

/** Texts of the cells, without the explanation for screen readers; the last column holds the totals. */
const cells = ({ wrapper }: Mounted): string[][] =>
  wrapper.findAll("tbody tr").map((row) =>
    row.findAll("td").map((cell) => {
      const copy = cell.element.cloneNode(true) as HTMLElement;
      copy.querySelector(".visually-hidden")?.remove();
      return copy.textContent.trim();
    }),
  );

const link = ({ wrapper }: Mounted, cell: string): HTMLAnchorElement =>
  wrapper.get<HTMLAnchorElement>(`[data-cell="${cell}"]`).element;
const focused = (): string | undefined => (document.activeElement as HTMLElement | null)?.dataset["cell"];
const inTabOrder = ({ wrapper }: Mounted): (string | undefined)[] =>
  wrapper.findAll<HTMLElement>('[data-cell][tabindex="0"]').map(({ element }) => element.dataset["cell"]);

describe("confusion matrix", () => {
  it("shows counts by true class in rows and predicted class in columns, with the totals", async () => {
    expect(cells(await mountMatrix())).toEqual([
      ["1,998", "·", "2", "2,000"],
      ["·", "150", "50", "200"],
      ["·", "·", "·", "–"],
    ]);
  });

  it("normalises each row by its true class", async () => {
    const rows = cells(await mountMatrix({ cells: "shares" }));
    expect(rows[1]).toEqual(["·", "75.0", "25.0", "200"]);
    expect(rows[2]).toEqual(["·", "·", "·", "–"]);
  });

  it("never rounds a mistake to nothing, nor a row with mistakes to all", async () => {
    const rare = evaluationOf(
      [
        [9_999, 1],
        [0, 10],
      ],
      ["N", "V"],
    );
    expect(cells(await mountMatrix({ evaluation: rare, cells: "shares" }))).toEqual([
      [">99.9", "<0.1", "10,000"],
      ["·", "100.0", "10"],
    ]);
  });

  it("labels its rows, its columns and the region that scrolls", async () => {
    const { wrapper } = await mountMatrix();
    expect(wrapper.findAll('tbody th[scope="row"]').map((head) => head.text())).toEqual(["N", "V", "F"]);
    const columns = wrapper.findAll('thead th[scope="col"]').map((head) => head.text());
    expect(columns.slice(1, -1)).toEqual(["N", "V", "F"]);
    const region = wrapper.get('[role="region"]');
    expect(region.attributes("aria-label")).toBeTruthy();
    expect(region.attributes("tabindex")).toBe("0");
    expect(wrapper.get("caption").text()).toContain("test");
  });

  it("explains each cell by its count, its true class and its predicted class", async () => {
    const { wrapper } = await mountMatrix();
    const mistake = wrapper.findAll("tbody tr")[1].findAll("td")[2].attributes("title");
    expect(mistake).toMatch(/50 of 200\b.*\bV\b.*\bF\b/);
    expect(wrapper.get('[data-cell="1,2"]').text()).toContain(mistake);
  });

  it("links a cell with beats to these beats, and no other cell", async () => {
    const matrix = await mountMatrix();
    expect(matrix.wrapper.findAll("a")).toHaveLength(4);
    expect(link(matrix, "1,2").getAttribute("href")).toBe("/runs/7/beats?truth=V&predicted=F");
  });

  it("has no links without a run", async () => {
    const matrix = await mountMatrix({ beatsOf: undefined });
    expect(matrix.wrapper.findAll("a")).toHaveLength(0);
    expect(cells(matrix)[1]).toEqual(["·", "150", "50", "200"]);
  });

  it("moves by arrow keys to the next cell with beats, and stays at the edge", async () => {
    const matrix = await mountMatrix();
    link(matrix, "0,0").focus();
    await matrix.wrapper.get('[data-cell="0,0"]').trigger("keydown", { key: "ArrowRight" });
    expect(focused()).toBe("0,2");
    await matrix.wrapper.get('[data-cell="0,2"]').trigger("keydown", { key: "ArrowDown" });
    expect(focused()).toBe("1,2");
    await matrix.wrapper.get('[data-cell="1,2"]').trigger("keydown", { key: "ArrowLeft" });
    expect(focused()).toBe("1,1");
    await matrix.wrapper.get('[data-cell="1,1"]').trigger("keydown", { key: "ArrowLeft" });
    expect(focused()).toBe("1,1");
  });

  it("is one stop of the Tab key, at the cell that had the focus last", async () => {
    const matrix = await mountMatrix();
    expect(inTabOrder(matrix)).toEqual(["0,0"]);
    link(matrix, "1,2").focus();
    await matrix.wrapper.vm.$nextTick();
    expect(inTabOrder(matrix)).toEqual(["1,2"]);
  });

  it("begins at the first cell with beats where the diagonal has none", async () => {
    const allWrong = evaluationOf(
      [
        [0, 5],
        [7, 0],
      ],
      ["N", "V"],
    );
    expect(inTabOrder(await mountMatrix({ evaluation: allWrong }))).toEqual(["0,1"]);
  });
});
