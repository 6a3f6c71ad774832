import type { RouteRecordRaw } from "vue-router";

export const helpRoutes: readonly RouteRecordRaw[] = [
  { path: "/help", name: "help", component: () => import("./help-page.vue"), meta: { title: "Help" } },
];
