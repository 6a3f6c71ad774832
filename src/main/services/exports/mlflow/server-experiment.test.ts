import { describe, expect, it } from "vitest";
import type { NetworkRequest } from "../../../base/network/network.ts";
import { MlflowClient } from "./client.ts";
import { IDENTITY_TAG } from "./mlflow-run.ts";
import { filesBelow, findRuns } from "./server-experiment.ts";

const run = (id: string): object => ({ info: { run_id: id }, data: { tags: [{ key: IDENTITY_TAG, value: id }] } });

/** A server that answers searches with these pages, by their tokens. */
function serve(pages: Record<string, object>): MlflowClient {
  const fetch = (_: string, { body }: NetworkRequest): Promise<Response> => {
    const { page_token: token = "" } = JSON.parse(String(body)) as { page_token?: string };
    return Promise.resolve(Response.json(pages[token]));
  };
  const times = { call: 10_000, file: 10_000, again: 0 };
  const address = { url: "http://localhost:5000", authorization: null };
  return new MlflowClient(address, new AbortController().signal, { times, fetch });
}

describe("findRuns", () => {
  it("reads page after page", async () => {
    const client = serve({ "": { runs: [run("a")], next_page_token: "2" }, "2": { runs: [run("b")] } });
    expect([...(await findRuns(client, "1", ["a"])).keys()]).toEqual(["a", "b"]);
  });

  it.each([
    ["a page that leads to itself", { "": { next_page_token: "2" }, "2": { next_page_token: "2" } }],
    [
      "pages that lead back to one before them",
      { "": { next_page_token: "2" }, "2": { next_page_token: "3" }, "3": { next_page_token: "2" } },
    ],
  ])("refuses %s", async (_, pages) => {
    await expect(findRuns(serve(pages), "1", ["a"])).rejects.toMatchObject({ code: "server-unsuitable" });
  });
});

describe("filesBelow", () => {
  it("returns the path that the server hands on", () => {
    expect(filesBelow("mlflow-artifacts:/1/models", "http://localhost:5000")).toBe("1/models");
  });

  it("repeats no long location in its refusal", () => {
    expect(() => filesBelow(`s3://${"x".repeat(100_000)}`, "http://localhost:5000")).toThrow(/^.{1,500}$/);
  });
});
