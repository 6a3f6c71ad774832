/**
 * Starts the gallery: every component with example data, without a workspace. Served by the development server alone,
 * at `/gallery`; the production build has one page, index.html.
 */
import "./install-shell.ts";
import { createPinia } from "pinia";
import { createApp, defineComponent, h } from "vue";
import { createMemoryHistory, createRouter } from "vue-router";
import GalleryPage from "./gallery-page.vue";
import "../../theme/base.css";

// Links of the examples lead nowhere: the gallery has no other page.
const nothing = defineComponent({ render: () => h("div") });
const router = createRouter({
  history: createMemoryHistory(),
  routes: [{ path: "/:rest(.*)*", component: nothing }],
});
createApp(GalleryPage).use(createPinia()).use(router).mount("#app");
