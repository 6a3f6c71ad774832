import type { RouteRecordRaw } from "vue-router";

const component = (): Promise<unknown> => import("./training-page.vue");

export const trainingRoutes: readonly RouteRecordRaw[] = [
  { path: "/training", name: "training", component, meta: { title: "Training" } },
  { path: "/training/:run(\\d+)", name: "training-run", component, meta: { title: "Training" } },
];
