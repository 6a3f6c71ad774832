/** Short messages at the edge of the window: what went wrong and what to do, or what was done and how to undo it. */
import { defineStore } from "pinia";
import { ref } from "vue";
import { reportError } from "../../contract/domain/errors.ts";
import type { StoredItem } from "../../contract/domain/integrity.ts";

export interface Toast {
  id: number;
  kind: "error" | "warning" | "success";
  message: string;
  /** One sentence: what to do about it. */
  fix?: string;
  /** What the message is about, where that can be made again. */
  damaged?: StoredItem;
  action?: { label: string; run: () => void | Promise<void> };
}

/** In ms. An error stays until it is closed: it may have come while nobody looked. */
const SHOWN = 8000;

export const useToasts = defineStore("toasts", () => {
  const toasts = ref<Toast[]>([]);
  let nextId = 1;

  const close = (id: number): void => {
    toasts.value = toasts.value.filter((toast) => toast.id !== id);
  };
  const add = (toast: Omit<Toast, "id">): void => {
    // The same again says nothing new.
    toasts.value = toasts.value.filter(({ message }) => message !== toast.message);
    const id = nextId++;
    toasts.value.push({ id, ...toast });
    if (toast.kind !== "error") setTimeout(() => close(id), SHOWN);
  };

  return {
    toasts,
    close,
    /** Whatever was thrown, in words. What was asked to stop, and a lost connection (which the frame says), need none. */
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

/** Runs what a click asks for; its failure becomes a toast. */
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
