import { flushPromises } from "@vue/test-utils";
import { expect, it } from "vitest";
import { mountComponent } from "../testing/mount-component.ts";
import TermHelp from "./term-help.vue";

const POPOVER = ".n-popover";

it("shows the glossary's meaning while its label has the focus, and hides it on Escape", async () => {
  const { wrapper } = await mountComponent(TermHelp, { props: { term: "ppv" }, slots: { default: "PPV" } });
  const label = wrapper.find(".term");
  expect(label.text()).toBe("PPV");
  const described = document.getElementById(label.attributes("aria-describedby")!);
  expect(described?.textContent).toContain("the share that belongs to it");
  expect(document.querySelector(POPOVER)).toBeNull();
  await label.trigger("focus");
  await flushPromises();
  expect(document.querySelector(POPOVER)?.textContent).toContain("the share that belongs to it");
  await label.trigger("keydown", { key: "Escape" });
  await flushPromises();
  const popover = document.querySelector<HTMLElement>(POPOVER);
  expect(popover === null || popover.classList.contains("popover-transition-leave-active")).toBe(true);
});

it("is the label alone for a word that the glossary does not have", async () => {
  const { wrapper } = await mountComponent(TermHelp, { props: { term: "nothing" }, slots: { default: "Other" } });
  expect(wrapper.find(".term").exists()).toBe(false);
  expect(wrapper.text()).toBe("Other");
});
