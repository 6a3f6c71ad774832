import { flushPromises } from "@vue/test-utils";
import { defineComponent, h, ref } from "vue";
import { expect, it } from "vitest";
import { mountComponent } from "../testing/mount-component.ts";
import CommandPalette from "./command-palette.vue";

async function open() {
  const shown = ref(false);
  const page = defineComponent({
    render: () => h(CommandPalette, { shown: shown.value, "onUpdate:shown": (is: boolean) => (shown.value = is) }),
  });
  const mounted = await mountComponent(page);
  shown.value = true;
  await flushPromises();
  const field = document.querySelector<HTMLInputElement>('[role="combobox"]')!;
  return {
    ...mounted,
    shown,
    field,
    type: async (text: string) => {
      field.value = text;
      field.dispatchEvent(new Event("input"));
      await flushPromises();
    },
    press: async (key: string) => {
      field.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      await flushPromises();
    },
    options: () => [...document.querySelectorAll<HTMLElement>('[role="option"]')],
  };
}

it("goes to the chosen screen by keyboard, and closes", async () => {
  const { type, press, options, router, shown, field } = await open();
  await type("experiments");
  expect(options()[0].textContent).toContain("Experiments");
  expect(field.getAttribute("aria-activedescendant")).toBe(options()[0].id);
  await press("Enter");
  expect(router.currentRoute.value.path).toBe("/experiments");
  expect(shown.value).toBe(false);
});

it("moves through the results by arrow keys, round the ends", async () => {
  const { press, options, type } = await open();
  await type("screen");
  const selected = (): number =>
    options().findIndex((option) => option.ariaSelected === "true" || option.getAttribute("aria-selected") === "true");
  expect(selected()).toBe(0);
  await press("ArrowUp");
  expect(selected()).toBe(options().length - 1);
  await press("ArrowDown");
  expect(selected()).toBe(0);
});

it("finds a run, a dataset and a term, and says when nothing is found", async () => {
  const { type, press, options, router } = await open();
  await type("no such thing");
  expect(options()).toEqual([]);
  expect(document.querySelector('[role="status"]')?.textContent).toContain("Nothing has these words.");
  await type("PPV");
  await press("Enter");
  expect(router.currentRoute.value.fullPath).toBe("/help#ppv");
});
