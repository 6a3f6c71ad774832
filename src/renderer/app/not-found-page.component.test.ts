import { expect, it } from "vitest";
import { screenList } from "../../contract/api/screens.ts";
import { createAppRouter } from "./router.ts";
import { mountComponent } from "../testing/mount-component.ts";
import NotFoundPage from "./not-found-page.vue";

it("is the page of every unknown address", () => {
  const router = createAppRouter();
  for (const address of ["/nope", "/runs/12/nope", "/prepared"]) {
    expect(router.resolve(address).name).toBe("not-found");
  }
  expect(router.resolve("/runs/12").name).not.toBe("not-found");
});

it("names the address, and links to every screen", async () => {
  const { wrapper, router } = await mountComponent(NotFoundPage);
  await router.push("/nope");
  expect(wrapper.get("h1").text()).toBe("Page not found");
  expect(wrapper.text()).toContain("There is no page at the address /nope.");
  const links = wrapper.findAll("nav a").map((link) => link.attributes("href"));
  expect(links).toEqual(screenList.map(({ path }) => path));
});
