import type { RouteRecordRaw } from "vue-router";

/** `/compare?runs=1,2,3&against=1`: the runs in their order, and the baseline. */
export const compareRoutes: readonly RouteRecordRaw[] = [
  { path: "/compare", name: "compare", component: () => import("./compare-page.vue"), meta: { title: "Comparison" } },
];
