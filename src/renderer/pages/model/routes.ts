import type { RouteRecordRaw } from "vue-router";
import { presetNames } from "../../../contract/domain/training.ts";

const meta = { title: "Model" };

/** `?preparation=` selects the preparation; `?run=` copies the settings of a run. */
export const modelRoutes: readonly RouteRecordRaw[] = [
  { path: "/model", name: "model", component: () => import("./model-page.vue"), meta },
  {
    path: `/model/:variant(${presetNames.join("|")}|new|\\d+)`,
    name: "model-variant",
    component: () => import("./model-page.vue"),
    meta,
  },
];
