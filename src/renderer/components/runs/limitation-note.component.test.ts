/** The limitations of metrics: the first in one line, all of them by a click or by keyboard. */
import { describe, expect, it } from "vitest";
import { mountComponent } from "../../testing/mount-component.ts";
import LimitationNote from "./limitation-note.vue";

const caveats = ["The recordings are synthetic.", "12 of 12 recordings have beats in both sets."];
const mountNote = async () =>
  (await mountComponent(LimitationNote, { props: { protocol: "intra-patient", caveats } })).wrapper;

describe("the limitations of metrics", () => {
  it("shows the first in one line, and the others after a click", async () => {
    const wrapper = await mountNote();
    expect(wrapper.text()).toContain("Intra-patient split");
    expect(wrapper.text()).toMatch(/The recordings are synthetic\.\s+All 2 limitations/);
    expect(wrapper.find("ul").exists()).toBe(false);
    const button = wrapper.get("button");
    expect(button.attributes("aria-expanded")).toBe("false");
    await button.trigger("click");
    expect(button.attributes("aria-expanded")).toBe("true");
    expect(wrapper.get(`[id="${button.attributes("aria-controls")}"]`).text()).toContain(caveats[1]);
    expect(wrapper.findAll("li").map((each) => each.text())).toEqual(caveats);
  });

  it("closes with Escape, and gives the focus back to the button", async () => {
    const wrapper = await mountNote();
    const button = wrapper.get("button");
    await button.trigger("click");
    await wrapper.get("ul").trigger("keydown", { key: "Escape" });
    expect(wrapper.find("ul").exists()).toBe(false);
    expect(document.activeElement).toBe(button.element);
  });

  it("closes when the focus goes to another element", async () => {
    const wrapper = await mountNote();
    await wrapper.get("button").trigger("click");
    await wrapper.get("button").trigger("focusout", { relatedTarget: document.body });
    expect(wrapper.find("ul").exists()).toBe(false);
  });
});
