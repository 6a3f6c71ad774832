import type { RouteRecordRaw } from "vue-router";

const table = { component: () => import("./recordings-page.vue"), meta: { title: "Recordings" } };

const sets = { meta: { title: "Annotations" } };

/** src/renderer/base/recording-address.ts explains these addresses. */
export const recordingsRoutes: readonly RouteRecordRaw[] = [
  { path: "/recordings", name: "recordings", ...table },
  { path: "/recordings/:dataset(\\d+)", name: "recordings-dataset", ...table },
  {
    path: "/recordings/:dataset(\\d+)/:record",
    name: "record",
    component: () => import("./recording-page.vue"),
    meta: { title: "Recording" },
  },
  {
    path: "/annotation-sets/:dataset(\\d+)",
    name: "annotation-sets",
    component: () => import("./sets/annotation-sets-page.vue"),
    ...sets,
  },
  {
    path: "/annotation-sets/:dataset(\\d+)/compare",
    name: "compare-sets",
    component: () => import("./sets/compare-sets-page.vue"),
    ...sets,
  },
];
