import { describe, expect, it } from "vitest";
import { EctopyError } from "./errors.ts";
import { formatNetwork, parseNetwork } from "./network-files.ts";
import { presets } from "../settings/network-presets.ts";

/** The error of reading this text, which must be one of the catalogue. */
function faultOf(text: string): EctopyError {
  try {
    parseNetwork(text, "net.json");
  } catch (error) {
    expect(error).toBeInstanceOf(EctopyError);
    return error as EctopyError;
  }
  throw new Error(`parsed without an error: ${text}`);
}

const withId = (id: string): string => `{"name":"a","layers":[{"id":${id},"kind":"dense","units":0}]}`;

describe("parseNetwork", () => {
  it("reads the output of formatNetwork", () => {
    for (const network of Object.values(presets)) {
      expect(parseNetwork(formatNetwork(network), "net.json")).toEqual(network);
    }
  });

  it("names the layer and its setting", () => {
    expect(faultOf(withId('"first"')).message).toMatch(/^net\.json: layer 1 \(“first”\), units: /);
  });

  it("does not quote a long key of the file", () => {
    const { message } = faultOf(`{"name":"a","layers":[{"id":"a","kind":"flatten","${"x".repeat(100_000)}":1}]}`);
    expect(message).toMatch(/^net\.json: layer 1 \(“a”\): Unrecognized key: "x+…\.$/);
    expect(message.length).toBeLessThan(400);
  });

  it.each([
    ["an object without a text", '{"toString":null}'],
    ["arrays nested deeply", "[".repeat(50_000) + "]".repeat(50_000)],
    ["a long text", JSON.stringify("x".repeat(100_000))],
  ])("names only the number of a layer whose id is %s", (_, id) => {
    const { code, message } = faultOf(withId(id));
    expect(code).toBe("invalid-settings");
    expect(message).toMatch(/^net\.json: layer 1, id: /);
    expect(message.length).toBeLessThan(200);
  });
});
