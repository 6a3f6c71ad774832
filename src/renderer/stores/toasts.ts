/** Short messages at the edge of the window: an error with its fix, or a finished action with its undo. */
import { defineStore } from "pinia";
import { ref } from "vue";
import { reportError } from "../../contract/domain/errors.ts";
import type { StoredItem } from "../../contract/domain/integrity.ts";

export interface Toast {
  id: number;
  kind: "error" | "warning" | "success";
  message: string;
  /** How to fix the error, in one sentence. */
  fix?: string;
  /** The damaged item, where it can be made again. */
  damaged?: StoredItem;
  action?: { label: string; run: () => void | Promise<void> };
}

/** An error stays until it is closed: it may have appeared while the user was away. */
const TOAST_DURATION_MS = 8000;

export const useToasts = defineStore("toasts", () => {
  const toasts = ref<Toast[]>([]);
  let nextId = 1;

  const close = (id: number): void => {
    toasts.value = toasts.value.filter((toast) => toast.id !== id);
  };
  const add = (toast: Omit<Toast, "id">): void => {
    // A repeated message replaces the earlier one.
    toasts.value = toasts.value.filter(({ message }) => message !== toast.message);
    const id = nextId++;
    toasts.value.push({ id, ...toast });
    if (toast.kind !== "error") setTimeout(() => close(id), TOAST_DURATION_MS);
  };

  return {
    toasts,
    close,
    /** Shows a thrown error. Cancelled work, and a lost connection (which the frame shows), need no message. */
    error(reason: unknown): void {
      const { code, message, fix, subject } = reportError(reason);
      if (code === "cancelled" || code === "not-connected") return;
      add({ kind: "error", message, ...(fix === "" ? {} : { fix }), ...(subject ? { damaged: subject } : {}) });
    },
    warning: (message: string) => add({ kind: "warning", message }),
    success: (message: string, action?: Toast["action"]) =>
      add({ kind: "success", message, ...(action ? { action } : {}) }),
  };
});

/** Returns a function that runs an action of the user and shows its error as a toast. */
export function useAttempt(): (work: () => Promise<unknown>) => Promise<void> {
  const toasts = useToasts();
  return async (work) => {
    try {
      await work();
    } catch (error) {
      toasts.error(error);
    }
  };
}
