import { describe, expect, it } from "vitest";
import {
  kindsFor,
  missingIn,
  mlflowTarget,
  needsFolder,
  problemOf,
  withoutSecrets,
  type ExportForm,
} from "./export-form.ts";

const form: ExportForm = {
  kind: "model",
  format: "keras",
  pdf: false,
  width: 0,
  dpi: 300,
  destination: "folder",
  folder: "",
  address: "",
  experiment: "Ectopy",
  signIn: "none",
  user: "",
  password: "",
  token: "",
  save: false,
};
const server: ExportForm = { ...form, kind: "mlflow-server", address: " http://localhost:5000 " };

describe("missingIn", () => {
  it("requires an absolute path of any system", () => {
    expect(["", "models", "./models", "C:models"].map((folder) => missingIn({ ...form, folder })?.field)).toEqual(
      Array(4).fill("folder"),
    );
    for (const folder of ["/home/me", "C:\\Users\\me", "D:/me", "\\\\server\\share"]) {
      expect(missingIn({ ...form, folder })).toBeNull();
    }
  });

  it("requires no folder where the browser saves the files, except for MLflow's, which hold its path", () => {
    const saved: ExportForm = { ...form, destination: "computer" };
    expect([needsFolder(saved), missingIn(saved)]).toEqual([false, null]);
    const mlflow: ExportForm = { ...saved, kind: "mlflow-folder" };
    expect([needsFolder(mlflow), missingIn(mlflow)?.field]).toEqual([true, "folder"]);
  });

  it("requires the server's address, and the user or token", () => {
    for (const address of ["", "localhost:5000", "/tmp", "ftp://x"]) {
      expect(missingIn({ ...server, address })?.field).toBe("address");
    }
    expect(missingIn(server)).toBeNull();
    expect(missingIn({ ...server, signIn: "password" })?.field).toBe("user");
    expect(missingIn({ ...server, signIn: "token", token: " " })?.field).toBe("token");
    expect(missingIn({ ...server, signIn: "token", token: "t" })).toBeNull();
  });
});

it("sends only the credentials of the chosen authentication", () => {
  const all = { ...server, user: "u", password: "p", token: " t " };
  expect(mlflowTarget(all)).toEqual({
    place: "http://localhost:5000",
    experiment: "Ectopy",
    credentials: {},
    kept: false,
  });
  expect(mlflowTarget({ ...all, signIn: "password" }).credentials).toEqual({ user: "u", password: "p" });
  expect(mlflowTarget({ ...all, signIn: "token" }).credentials).toEqual({ token: "t" });
  const folder: ExportForm = { ...all, kind: "mlflow-folder", folder: "/tmp/x ", experiment: " ", signIn: "token" };
  expect(mlflowTarget(folder)).toEqual({ place: "/tmp/x", experiment: "Ectopy", credentials: {}, kept: false });
  expect(mlflowTarget({ ...all, signIn: "saved" })).toMatchObject({ credentials: {}, kept: true });
});

it("assigns an error to the field where it can be corrected", () => {
  const report = (code: Parameters<typeof problemOf>[1]["code"]) => ({ code, message: "m", fix: "f" });
  expect(problemOf(server, report("server-unreachable"))).toEqual({ field: "address", message: "m", fix: "f" });
  expect(problemOf(server, report("server-refuses")).field).toBe("server");
  expect(problemOf({ ...server, signIn: "token" }, report("usage")).field).toBe("token");
  expect(problemOf(form, report("no-access")).field).toBe("folder");
  expect(problemOf(server, report("no-access")).field).toBeNull();
  for (const code of ["no-access", "not-found"] as const) {
    expect(problemOf({ ...server, signIn: "saved" }, report(code)).field).toBe("server");
  }
  expect(problemOf(form, report("nothing-usable")).field).toBeNull();
});

it("offers no report and no figures for more runs than they can show", () => {
  const kinds = (count: number): string[] =>
    kindsFor(Array.from({ length: count }, (_, i) => i)).map(({ value }) => value);
  expect(kinds(100)).toEqual(expect.arrayContaining(["report", "figures", "tables"]));
  expect(kinds(101)).toEqual(["tables", "model", "mlflow-server", "mlflow-folder"]);
});

it("removes secrets from an address", () => {
  expect(withoutSecrets(" https://me:secret@mlflow.example/team/?token=1#/runs ")).toBe("https://mlflow.example/team");
  expect(withoutSecrets("not an address")).toBe("");
});
