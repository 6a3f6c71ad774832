/** Mounts a component as the app does: in the document, with the stores and a router, on an example shell. */
import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import { createPinia } from "pinia";
import { defineComponent, h, type Component } from "vue";
import { createMemoryHistory, createRouter, type Router } from "vue-router";

export interface Mounted {
  /** Finds elements in the component. */
  wrapper: VueWrapper;
  router: Router;
  /** Payloads of an event, oldest first. */
  emitted: (name: string) => unknown[];
}

export interface MountOptions {
  /** Models included: `modelValue` follows what the component sets. */
  props?: Record<string, unknown>;
  slots?: Record<string, string | ((...scope: never[]) => unknown)>;
}

/** Mounts a component and waits until its first questions to the shell are answered. */
export async function mountComponent(component: Component, options: MountOptions = {}): Promise<Mounted> {
  const nothing = defineComponent({ render: () => h("div") });
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: "/:rest(.*)*", component: nothing }],
  });
  const wrapper = mount(component, {
    attachTo: document.body,
    props: options.props ?? {},
    slots: options.slots ?? {},
    // Real transitions: in the elements of their stubs, a dialog finds nothing to focus.
    global: { plugins: [createPinia(), router], stubs: { transition: false, "transition-group": false } },
  }) as VueWrapper;
  await router.isReady();
  await flushPromises();
  return {
    wrapper,
    router,
    emitted: (name) => (wrapper.emitted(name) ?? []).map(([payload]) => payload),
  };
}
