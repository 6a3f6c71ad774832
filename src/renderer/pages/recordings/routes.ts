import type { RouteRecordRaw } from "vue-router";

const table = { component: () => import("./recordings-page.vue"), meta: { title: "Recordings" } };

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
];
