// vue-tsc reads the components themselves; tools that only know TypeScript need this declaration.
declare module "*.vue" {
  import type { DefineComponent } from "vue";

  const component: DefineComponent;
  export default component;
}
