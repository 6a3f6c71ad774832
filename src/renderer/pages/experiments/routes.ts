import type { RouteRecordRaw } from "vue-router";

export const experimentsRoutes: readonly RouteRecordRaw[] = [
  {
    path: "/experiments",
    name: "experiments",
    component: () => import("./experiments-page.vue"),
    meta: { title: "Experiments" },
  },
  {
    path: "/experiments/:experiment(\\d+)",
    name: "experiment",
    component: () => import("./experiment-page.vue"),
    meta: { title: "Experiment" },
  },
];
