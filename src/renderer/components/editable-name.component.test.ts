import { flushPromises } from "@vue/test-utils";
import { describe, expect, it } from "vitest";
import { mountComponent, type Mounted } from "../testing/mount-component.ts";
import EditableName from "./editable-name.vue";

const mountName = (props: Record<string, unknown> = {}): Promise<Mounted> =>
  mountComponent(EditableName, {
    props: { name: "By patient", of: "preparation 3", ...props },
    slots: { default: "Preparation 3: By patient" },
  });
async function edit({ wrapper }: Mounted, text?: string): Promise<void> {
  await wrapper.get("button").trigger("click");
  if (text !== undefined) await wrapper.get("input").setValue(text);
}
async function press({ wrapper }: Mounted, key: string): Promise<void> {
  await wrapper.get("input").trigger("keydown", { key });
  await flushPromises();
}

describe("editable name", () => {
  it("shows the name and a button that is labelled with the item", async () => {
    const { wrapper } = await mountName();
    expect(wrapper.text()).toBe("Preparation 3: By patient");
    expect(wrapper.get("button").attributes("aria-label")).toBe("Rename preparation 3");
    expect(wrapper.find("input").exists()).toBe(false);
  });

  it("edits the name in a labelled field, with the name in it", async () => {
    const mounted = await mountName();
    await edit(mounted);
    const { element } = mounted.wrapper.get("input");
    expect(element.value).toBe("By patient");
    expect(element.labels?.[0]?.textContent).toBe("Name of preparation 3");
  });

  it("emits the trimmed name on Enter, and gives the focus back to the button", async () => {
    const mounted = await mountName();
    await edit(mounted, "  By beat ");
    await press(mounted, "Enter");
    expect(mounted.emitted("rename")).toEqual(["By beat"]);
    expect(mounted.wrapper.find("input").exists()).toBe(false);
    expect(document.activeElement?.getAttribute("aria-label")).toBe("Rename preparation 3");
  });

  it("emits nothing on Escape", async () => {
    const mounted = await mountName();
    await edit(mounted, "By beat");
    await press(mounted, "Escape");
    expect(mounted.emitted("rename")).toEqual([]);
    expect(mounted.wrapper.text()).toBe("Preparation 3: By patient");
  });

  it("emits nothing where the name is unchanged", async () => {
    const mounted = await mountName();
    await edit(mounted, "By patient ");
    await press(mounted, "Enter");
    expect(mounted.emitted("rename")).toEqual([]);
  });

  it("emits an empty name unless a name is required", async () => {
    const optional = await mountName();
    await edit(optional, " ");
    await press(optional, "Enter");
    expect(optional.emitted("rename")).toEqual([""]);
    const required = await mountName({ required: true });
    await edit(required, " ");
    await press(required, "Enter");
    expect(required.emitted("rename")).toEqual([]);
  });
});
