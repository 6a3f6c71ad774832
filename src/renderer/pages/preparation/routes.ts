import type { RouteRecordRaw } from "vue-router";

const meta = { title: "Preparation" };

/** The newest dataset's settings, a dataset's own, and what a preparation gave. */
export const preparationRoutes: readonly RouteRecordRaw[] = [
  { path: "/preparation", name: "preparation", component: () => import("./preparation-page.vue"), meta },
  {
    path: "/preparation/:dataset(\\d+)",
    name: "preparation-dataset",
    component: () => import("./preparation-page.vue"),
    meta,
  },
  {
    path: "/preparation/set/:preparation(\\d+)",
    name: "preparation-set",
    component: () => import("./prepared-set-page.vue"),
    meta: { title: "Prepared beats" },
  },
];
