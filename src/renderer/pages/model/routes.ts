import type { RouteRecordRaw } from "vue-router";

const meta = { title: "Model" };

/** `?preparation=` selects the preparation; `?run=` copies the settings of a run. */
export const modelRoutes: readonly RouteRecordRaw[] = [
  { path: "/model", name: "model", component: () => import("./model-page.vue"), meta },
  {
    path: "/model/:variant(ann|cnn|lstm|new|\\d+)",
    name: "model-variant",
    component: () => import("./model-page.vue"),
    meta,
  },
];
