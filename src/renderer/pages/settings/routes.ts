import type { RouteRecordRaw } from "vue-router";

export const settingsRoutes: readonly RouteRecordRaw[] = [
  { path: "/settings", name: "settings", component: () => import("./settings-page.vue"), meta: { title: "Settings" } },
];
