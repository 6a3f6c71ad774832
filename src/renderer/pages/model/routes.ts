import type { RouteRecordRaw } from "vue-router";

const meta = { title: "Model" };

/** `?preparation=` names the prepared set, `?run=` a run whose settings are taken. */
export const modelRoutes: readonly RouteRecordRaw[] = [
  { path: "/model", name: "model", component: () => import("./model-page.vue"), meta },
  {
    path: "/model/:variant(ann|cnn|lstm|new|\\d+)",
    name: "model-variant",
    component: () => import("./model-page.vue"),
    meta,
  },
];
