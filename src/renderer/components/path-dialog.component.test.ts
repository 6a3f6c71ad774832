import { flushPromises } from "@vue/test-utils";
import { describe, expect, it } from "vitest";
import type { FolderListing } from "../../contract/domain/machine.ts";
import { EctopyError } from "../../contract/domain/errors.ts";
import { mountComponent, type Mounted } from "../testing/mount-component.ts";
import { shell } from "../testing/shell.ts";
import PathDialog from "./path-dialog.vue";

const folders: Record<string, FolderListing> = {
  "/data": {
    folder: "/data",
    parent: "/",
    recordings: 0,
    entries: [
      { name: "mitdb", path: "/data/mitdb", kind: "folder" },
      { name: "mitdb.zip", path: "/data/mitdb.zip", kind: "file" },
      { name: "cnn.h5", path: "/data/cnn.h5", kind: "model" },
    ],
  },
  "/data/mitdb": { folder: "/data/mitdb", parent: "/data", recordings: 48, entries: [] },
  "/": { folder: "/", parent: null, recordings: 0, entries: [{ name: "data", path: "/data", kind: "folder" }] },
};

interface Dialog extends Mounted {
  element: HTMLElement;
  path: () => HTMLInputElement;
  entries: () => string[];
  /** Presses the entry whose text ends with a name. */
  press: (name: string) => Promise<void>;
  type: (path: string) => Promise<void>;
  submit: () => Promise<void>;
  action: () => HTMLButtonElement;
}

async function openDialog(purpose: "recordings" | "target" | "model"): Promise<Dialog> {
  shell.answer({
    "files.check": ({ path }) => {
      if (path === "/data/none")
        throw new EctopyError("not-found", "The folder /data/none does not exist.", "Correct it.");
      return { path, isNew: false, freeBytes: null };
    },
    "files.list": ({ folder = "/data" }) => {
      const listing = folders[folder];
      if (listing === undefined)
        throw new EctopyError("not-found", `There is no folder ${folder}.`, "Enter another path.");
      return listing;
    },
  });
  const mounted = await mountComponent(PathDialog, {
    props: { title: "Choose a folder", action: "Import", purpose, shown: false },
  });
  await mounted.wrapper.setProps({ shown: true });
  await flushPromises();
  const element = document.querySelector<HTMLElement>('[role="dialog"]')!;
  const path = (): HTMLInputElement => element.querySelector("input")!;
  return {
    ...mounted,
    element,
    path,
    entries: () => [...element.querySelectorAll("li")].map(({ textContent }) => textContent.trim()),
    press: async (name) => {
      [...element.querySelectorAll("li button")]
        .find(({ textContent }) => textContent.trim() === name)!
        .dispatchEvent(new MouseEvent("click", { bubbles: true }));
      await flushPromises();
    },
    type: async (text) => {
      path().value = text;
      path().dispatchEvent(new Event("input", { bubbles: true }));
      await flushPromises();
    },
    submit: async () => {
      element.querySelector("form")!.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
      await flushPromises();
    },
    action: () => element.querySelector<HTMLButtonElement>('button[type="submit"]')!,
  };
}

const asked = (): unknown[] => shell.calls.filter(({ name }) => name === "files.list").map(({ args }) => args);

describe("path dialog", () => {
  it("lists the folder that the shell begins with, and enters its path", async () => {
    const dialog = await openDialog("recordings");
    expect(asked()).toEqual([{}]);
    expect(dialog.path().value).toBe("/data");
    expect(dialog.entries().slice(1)).toEqual(["mitdb", "mitdb.zip"]);
  });

  it.each([
    ["recordings", ["mitdb", "mitdb.zip"]],
    ["target", ["mitdb"]],
    ["model", ["mitdb", "cnn.h5"]],
  ] as const)("lists what can be chosen for %s", async (purpose, names) => {
    const dialog = await openDialog(purpose);
    expect(dialog.entries().slice(1)).toEqual(names);
  });

  it("opens a folder, and counts the recordings in it", async () => {
    const dialog = await openDialog("recordings");
    await dialog.press("mitdb");
    expect(asked()).toEqual([{}, { folder: "/data/mitdb" }]);
    expect(dialog.path().value).toBe("/data/mitdb");
    expect(dialog.element.textContent).toContain("48 recordings");
  });

  it("goes up one level by its first entry, and has none at the top", async () => {
    const dialog = await openDialog("recordings");
    dialog.element.querySelector<HTMLElement>("li button")!.click();
    await flushPromises();
    expect(asked().at(-1)).toEqual({ folder: "/" });
    expect(dialog.entries()).toEqual(["data"]);
  });

  it("enters the path of a file without closing", async () => {
    const dialog = await openDialog("recordings");
    await dialog.press("mitdb.zip");
    expect(dialog.path().value).toBe("/data/mitdb.zip");
    expect(dialog.emitted("chosen")).toEqual([]);
  });

  it("emits the trimmed path and closes when it is submitted", async () => {
    const dialog = await openDialog("target");
    await dialog.type("  /data/exports ");
    await dialog.submit();
    expect(dialog.emitted("chosen")).toEqual(["/data/exports"]);
    expect(dialog.emitted("update:shown")).toEqual([false]);
  });

  it("stays open with an error at its field where the path cannot be used", async () => {
    const dialog = await openDialog("recordings");
    await dialog.type("/data/none");
    await dialog.submit();
    expect(dialog.emitted("chosen")).toEqual([]);
    expect(dialog.emitted("update:shown")).toEqual([]);
    expect(dialog.element.querySelector("#path-problem")!.textContent).toContain(
      "The folder /data/none does not exist.",
    );
    expect(dialog.path().getAttribute("aria-invalid")).toBe("true");
    await dialog.type("/data/mitdb");
    expect(dialog.element.querySelector("#path-problem")).toBeNull();
    await dialog.submit();
    expect(dialog.emitted("chosen")).toEqual(["/data/mitdb"]);
  });

  it("disables its action without a path, and for a model at a folder", async () => {
    const target = await openDialog("target");
    expect(target.action().textContent).toBe("Import");
    expect(target.action().disabled).toBe(false);
    await target.type("   ");
    expect(target.action().disabled).toBe(true);
    target.wrapper.unmount();
    document.body.innerHTML = "";
    const model = await openDialog("model");
    expect(model.action().disabled).toBe(true);
    await model.press("cnn.h5");
    expect(model.action().disabled).toBe(false);
  });

  it("shows why a folder can't be listed, and keeps the typed path", async () => {
    const dialog = await openDialog("recordings");
    await dialog.type("/nope");
    dialog.element.querySelector<HTMLElement>("form > div button")!.click();
    await flushPromises();
    expect(asked().at(-1)).toEqual({ folder: "/nope" });
    expect(dialog.element.querySelector('[role="alert"]')!.textContent).toContain("There is no folder /nope.");
    expect(dialog.path().value).toBe("/nope");
  });

  it("shows the folder asked for last, whatever the order of the answers", async () => {
    const dialog = await openDialog("recordings");
    const slow = Promise.withResolvers<FolderListing>();
    shell.answer({ "files.list": ({ folder }) => (folder === "/data/mitdb" ? slow.promise : folders["/"]) });
    await dialog.press("mitdb");
    dialog.element.querySelector<HTMLElement>("li button")!.click();
    await flushPromises();
    slow.resolve(folders["/data/mitdb"]);
    await flushPromises();
    expect(dialog.path().value).toBe("/");
    expect(dialog.entries()).toEqual(["data"]);
  });
});
