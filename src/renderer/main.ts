/** Starts the window. */
import { createPinia } from "pinia";
import { createApp } from "vue";
import App from "./app/app.vue";
import "./app/theme.css";

createApp(App).use(createPinia()).mount("#app");
