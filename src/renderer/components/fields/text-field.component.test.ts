import { defineComponent, h, type VNode } from "vue";
import { describe, expect, it } from "vitest";
import { mountComponent } from "../../testing/mount-component.ts";
import TextField from "./text-field.vue";

const describedBy = (input: Element): string =>
  document.getElementById(input.getAttribute("aria-describedby") ?? "")?.textContent.trim() ?? "";

describe("text field", () => {
  it("connects its label and its hint with the input", async () => {
    const { wrapper } = await mountComponent(TextField, {
      props: { label: "Folder", hint: "A sub-folder is created.", modelValue: "/data" },
    });
    const input = wrapper.get("input").element;
    expect(input.labels?.[0]?.textContent).toBe("Folder");
    expect(input.value).toBe("/data");
    expect(describedBy(input)).toBe("A sub-folder is created.");
    expect(input.getAttribute("aria-invalid")).toBeNull();
  });

  it("shows a problem instead of the hint, and marks the input invalid", async () => {
    const problem = { message: "The folder does not exist.", fix: "Choose another folder." };
    const { wrapper } = await mountComponent(TextField, {
      props: { label: "Folder", hint: "A sub-folder is created.", problem, modelValue: "" },
    });
    const input = wrapper.get("input").element;
    expect(input.getAttribute("aria-invalid")).toBe("true");
    expect(wrapper.get('[role="alert"]').text()).toBe("The folder does not exist. Choose another folder.");
    expect(describedBy(input)).toBe("The folder does not exist. Choose another folder.");
    expect(wrapper.text()).not.toContain("sub-folder");
  });

  it("has no description without a hint and a problem", async () => {
    const { wrapper } = await mountComponent(TextField, { props: { label: "Name", modelValue: "" } });
    expect(wrapper.get("input").attributes("aria-describedby")).toBeUndefined();
  });

  it("emits what is typed", async () => {
    const { wrapper, emitted } = await mountComponent(TextField, { props: { label: "Name", modelValue: "" } });
    await wrapper.get("input").setValue("CNN with dropout");
    expect(emitted("update:modelValue")).toEqual(["CNN with dropout"]);
  });

  it("hides a secret and keeps the browser from storing it", async () => {
    const { wrapper } = await mountComponent(TextField, { props: { label: "Token", secret: true, modelValue: "abc" } });
    expect(wrapper.get("input").attributes("type")).toBe("password");
    expect(wrapper.get("input").attributes("autocomplete")).toBe("new-password");
  });

  it("gives two fields with the same label different ids", async () => {
    const pair = (): VNode[] => [1, 2].map((key) => h(TextField, { key, label: "Name", modelValue: "" }));
    const { wrapper } = await mountComponent(defineComponent({ render: pair }));
    const [first, second] = wrapper.findAll("input").map((input) => input.attributes("id"));
    expect(first).toBeTruthy();
    expect(second).toBeTruthy();
    expect(first).not.toBe(second);
  });
});
