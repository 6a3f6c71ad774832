import type { RouteRecordRaw } from "vue-router";

const table = { component: () => import("./recordings-page.vue"), meta: { title: "Recordings" } };

/** The addresses are those of src/renderer/base/recording-address.ts, which says what they mean. */
export const recordingsRoutes: readonly RouteRecordRaw[] = [
  { path: "/recordings", name: "recordings", ...table },
  { path: "/recordings/:dataset(\\d+)", name: "recordings-dataset", ...table },
  {
    path: "/recordings/:dataset(\\d+)/:record",
    name: "record",
    component: () => import("./record-page.vue"),
    meta: { title: "Recording" },
  },
];
