/** Every screen has an address of its own; one that is none leads home. */
import { createRouter, createWebHistory, type Router } from "vue-router";
import { screens } from "./screens.ts";

declare module "vue-router" {
  interface RouteMeta {
    /** Of the page, for the window's title. */
    title?: string;
  }
}

export function createAppRouter(): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [...screens.flatMap(({ routes }) => routes), { path: "/:rest(.*)*", redirect: "/" }],
    // Another place of the same page, such as a time of a recording, leaves the page where it is.
    scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
  });
  router.afterEach(({ meta }) => {
    document.title = meta.title === undefined ? "Ectopy" : `${meta.title} · Ectopy`;
  });
  return router;
}
