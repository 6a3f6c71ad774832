import type { RouteRecordRaw } from "vue-router";

export const runsRoutes: readonly RouteRecordRaw[] = [
  { path: "/runs", name: "runs", component: () => import("./runs-page.vue"), meta: { title: "Runs" } },
  { path: "/runs/:run(\\d+)", name: "run", component: () => import("./run-page.vue"), meta: { title: "Run" } },
];
