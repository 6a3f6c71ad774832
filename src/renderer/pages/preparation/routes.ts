import type { RouteRecordRaw } from "vue-router";

const meta = { title: "Preparation" };

/** The settings for the newest dataset, the settings for a dataset, and the details of a preparation. */
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
    component: () => import("./preparation-details-page.vue"),
    meta,
  },
];
