// vue-tsc reads the components themselves; tools that know TypeScript alone are told what they export.
declare module "*.vue" {
  import type { DefineComponent } from "vue";

  const component: DefineComponent;
  export default component;
}
