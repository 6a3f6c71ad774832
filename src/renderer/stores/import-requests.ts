/** A path that the menu asks to import: the start page takes it, wherever the user was. */
import { defineStore } from "pinia";
import { ref } from "vue";

export const useImportRequests = defineStore("import-requests", () => {
  const path = ref<string | null>(null);
  return {
    path,
    request: (next: string): void => void (path.value = next),
    /** Returns the path and forgets it. */
    take: (): string | null => {
      const taken = path.value;
      path.value = null;
      return taken;
    },
  };
});
