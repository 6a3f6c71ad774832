/** Each screen has an address; an unknown address has a page that says so. */
import { createRouter, createWebHistory, type Router } from "vue-router";
import NotFoundPage from "./not-found-page.vue";
import { screens } from "./screens.ts";

declare module "vue-router" {
  interface RouteMeta {
    /** Title of the page, shown in the window's title. */
    title?: string;
  }
}

export function createAppRouter(): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [
      ...screens.flatMap(({ routes }) => routes),
      { path: "/:rest(.*)*", name: "not-found", component: NotFoundPage, meta: { title: "Page not found" } },
    ],
    // A new query on the same page, such as a time of a recording, keeps the scroll position.
    // A page scrolls to the target of an address itself, once its content is loaded.
    scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path || to.hash !== "" ? false : { top: 0 }),
  });
  router.afterEach(({ meta }) => {
    document.title = meta.title === undefined ? "Ectopy" : `${meta.title} · Ectopy`;
  });
  return router;
}
