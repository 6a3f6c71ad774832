import { flushPromises } from "@vue/test-utils";
import { defineComponent, h, ref, type VNode } from "vue";
import { describe, expect, it } from "vitest";
import { mountComponent, type Mounted } from "../testing/mount-component.ts";
import AppDialog from "./app-dialog.vue";

interface Page extends Mounted {
  opener: HTMLElement;
  /** The dialog, or null where it is absent or hidden. */
  dialog: () => HTMLElement | null;
  /** Opens the dialog by the page's button, which has the focus before. */
  open: () => Promise<void>;
}

/** A page with a button that opens a dialog, which holds one field. */
async function mountPage(slots: Record<string, () => VNode> = {}): Promise<Page> {
  const shown = ref(false);
  const page = defineComponent({
    render: () => [
      h("button", { id: "opener", onClick: () => (shown.value = true) }, "Open"),
      h(
        AppDialog,
        { title: "Export run 3", shown: shown.value, "onUpdate:shown": (is: boolean) => (shown.value = is) },
        { default: () => h("input", { id: "folder" }), ...slots },
      ),
    ],
  });
  const mounted = await mountComponent(page);
  const opener = document.getElementById("opener")!;
  return {
    ...mounted,
    opener,
    dialog: () => {
      const found = document.querySelector<HTMLElement>('[role="dialog"]');
      return found === null || found.style.display === "none" ? null : found;
    },
    open: async () => {
      opener.focus();
      opener.click();
      await settle();
    },
  };
}

/** Waits for the dialog's transition, which ends two frames after it began. */
async function settle(): Promise<void> {
  await flushPromises();
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
  await flushPromises();
}

async function press(key: string, target: Element = document.activeElement ?? document.body): Promise<void> {
  target.dispatchEvent(new KeyboardEvent("keydown", { key, code: key, bubbles: true, cancelable: true }));
  await settle();
}

describe("dialog", () => {
  it("is absent until it is shown", async () => {
    const page = await mountPage();
    expect(page.dialog()).toBeNull();
    await page.open();
    expect(page.dialog()).not.toBeNull();
  });

  it("is a modal dialog named by its title, which is a heading of level 2", async () => {
    const page = await mountPage();
    await page.open();
    expect(page.dialog()!.getAttribute("aria-modal")).toBe("true");
    expect(page.dialog()!.getAttribute("aria-label")).toBe("Export run 3");
    expect(page.dialog()!.querySelector("h2")!.textContent).toBe("Export run 3");
  });

  it("takes the focus when it opens", async () => {
    const page = await mountPage();
    await page.open();
    expect(page.dialog()!.contains(document.activeElement)).toBe(true);
  });

  it("keeps the focus inside while it is open", async () => {
    const page = await mountPage();
    await page.open();
    page.opener.focus();
    expect(page.dialog()!.contains(document.activeElement)).toBe(true);
  });

  it("closes by Escape, and gives the focus back to the button that opened it", async () => {
    const page = await mountPage();
    await page.open();
    expect(document.activeElement).not.toBe(page.opener);
    await press("Escape");
    expect(page.dialog()).toBeNull();
    expect(document.activeElement).toBe(page.opener);
  });

  it("stays open at other keys", async () => {
    const page = await mountPage();
    await page.open();
    await press("Enter", document.getElementById("folder")!);
    expect(page.dialog()).not.toBeNull();
  });

  it("closes by its close button, which has a name", async () => {
    const page = await mountPage();
    await page.open();
    const close = page.dialog()!.querySelector<HTMLElement>("header button")!;
    expect(close.getAttribute("aria-label")).toBe("Close");
    close.click();
    await settle();
    expect(page.dialog()).toBeNull();
  });

  it("has a footer only where one is given", async () => {
    const without = await mountPage();
    await without.open();
    expect(without.dialog()!.querySelector("footer")).toBeNull();
    without.wrapper.unmount();
    document.body.innerHTML = "";
    const withOne = await mountPage({ footer: () => h("button", "Export") });
    await withOne.open();
    expect(withOne.dialog()!.querySelector("footer")!.textContent).toBe("Export");
  });
});
