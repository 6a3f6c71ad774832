import { describe, expect, it } from "vitest";
import { EctopyError } from "../../../../contract/domain/errors.ts";
import { environmentCredentials } from "./credentials.ts";
import { placeOf } from "./place.ts";

const basic = (text: string): string => `Basic ${Buffer.from(text).toString("base64")}`;
const authorizationOf = (...args: Parameters<typeof placeOf>): string | null => {
  const place = placeOf(...args);
  return place.kind === "server" ? place.authorization : null;
};

describe("placeOf", () => {
  it("tells servers and folders apart", () => {
    expect(placeOf("http://localhost:5000/", {}, {})).toEqual({
      kind: "server",
      url: "http://localhost:5000",
      authorization: null,
    });
    expect(placeOf("https://lab.example/ml/flow/?x=1#/experiments/2", {}, {})).toMatchObject({
      url: "https://lab.example/ml/flow",
    });
    expect(placeOf("runs/of may", {}, {})).toEqual({ kind: "folder", folder: "runs/of may" });
    expect(placeOf("file:///runs/of%20may", {}, {})).toMatchObject({ kind: "folder" });
    for (const place of ["sqlite:///mlflow.db", "s3://bucket/runs", "http://", "http://a:%zz@b"]) {
      expect(() => placeOf(place, {}, {})).toThrow(EctopyError);
    }
  });

  it("repeats no long address in a message", () => {
    for (const place of [`file://${"x y".repeat(50_000)}`, `${"x".repeat(100_000)}://host`]) {
      expect(() => placeOf(place, {}, {})).toThrow(/^.{1,400}$/);
    }
  });

  it("keeps what is in the address out of it, and takes what was given, the address, the environment, in this order", () => {
    const place = placeOf("http://anna:s%2Fecret@localhost:5000", {}, {});
    expect(place).toMatchObject({ url: "http://localhost:5000", authorization: basic("anna:s/ecret") });
    const environment = environmentCredentials({
      MLFLOW_TRACKING_USERNAME: "env",
      MLFLOW_TRACKING_PASSWORD: "word",
      MLFLOW_TRACKING_TOKEN: "",
    });
    expect(environment).toEqual({ user: "env", password: "word" });
    expect(authorizationOf("http://a:b@localhost", {}, environment)).toBe(basic("a:b"));
    expect(authorizationOf("http://localhost", {}, environment)).toBe(basic("env:word"));
    expect(authorizationOf("http://a:b@localhost", { token: "t0ken" }, environment)).toBe("Bearer t0ken");
    // The password need not be typed.
    expect(authorizationOf("http://localhost", { user: "me" }, environment)).toBe(basic("me:word"));
    expect(() => placeOf("http://localhost", { token: "a\nb" }, {})).toThrow(/token/);
  });
});
