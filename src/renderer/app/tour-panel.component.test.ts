import { flushPromises } from "@vue/test-utils";
import { defineComponent, h } from "vue";
import { expect, it } from "vitest";
import { settingsSchema } from "../../contract/settings/app-settings.ts";
import { tourSteps, useTour } from "../stores/tour.ts";
import { mountComponent, type Mounted } from "../testing/mount-component.ts";
import { shell } from "../testing/shell.ts";
import { screens } from "./screens.ts";
import TourPanel from "./tour-panel.vue";

/** A page with a button that starts the tour, and the panel. */
const page = defineComponent({
  setup() {
    const tour = useTour();
    return () => h("div", [h("button", { class: "start", onClick: () => tour.start() }, "Start"), h(TourPanel)]);
  },
});

async function start(): Promise<Mounted> {
  shell.answer({ "settings.set": () => settingsSchema.parse({ tourOffered: true }) });
  const mounted = await mountComponent(page);
  const button = mounted.wrapper.get<HTMLButtonElement>(".start").element;
  button.focus();
  button.click();
  await flushPromises();
  return mounted;
}
const focused = (): string => document.activeElement?.textContent.trim() ?? "";
const press = async (): Promise<void> => {
  (document.activeElement as HTMLElement).click();
  await flushPromises();
};

it("goes through the screens by one key, and gives the focus back at its end", async () => {
  const { router, wrapper } = await start();
  const visited: string[] = [];
  while (wrapper.find("section").exists()) {
    visited.push(router.currentRoute.value.path);
    expect(wrapper.get("section").text()).toContain(`step ${visited.length} of ${tourSteps.length}`);
    await press();
  }
  expect(visited).toEqual(tourSteps.map(({ to }) => to));
  expect(wrapper.find("section").exists()).toBe(false);
  expect(focused()).toBe("Start");
});

it("shows screens that exist", () => {
  const paths = screens.map(({ path }) => path);
  expect(tourSteps.every(({ to }) => paths.includes(to))).toBe(true);
});

it("ends by Escape at any step, and goes back", async () => {
  const { router, wrapper } = await start();
  await press();
  await wrapper
    .findAll("section button")
    .find((each) => each.text() === "Back")!
    .trigger("click");
  await flushPromises();
  expect(router.currentRoute.value.path).toBe("/");
  await wrapper.get("section").trigger("keydown", { key: "Escape" });
  await flushPromises();
  expect(wrapper.find("section").exists()).toBe(false);
});
