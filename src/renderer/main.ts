/** Starts the page. */
import { createPinia } from "pinia";
import { createApp } from "vue";
import { config } from "zod";
import App from "./app/app.vue";
import { createAppRouter } from "./app/router.ts";
import "./theme/base.css";

// The content security policy forbids generated code, which zod would otherwise use.
config({ jitless: true });

createApp(App).use(createPinia()).use(createAppRouter()).mount("#app");
