/** The tour of the screens: its steps, and whether it was offered. */
import { defineStore } from "pinia";
import { computed, ref } from "vue";
import { useSettings } from "./settings.ts";

export interface TourStep {
  /** Address of the screen. */
  to: string;
  title: string;
  text: string;
}

export const tourSteps: readonly TourStep[] = [
  {
    to: "/",
    title: "Home",
    text: "Begin here: create the sample recordings, import your recordings, or download a database of PhysioNet.",
  },
  {
    to: "/recordings",
    title: "Recordings",
    text: "Look at leads and annotations. A network learns what the annotations say, so their errors become its errors.",
  },
  {
    to: "/preparation",
    title: "Preparation",
    text: "Beats are cut, filtered, split and balanced. The protocol decides what a test metric means: only a split by patient estimates unseen patients.",
  },
  {
    to: "/model",
    title: "Model",
    text: "Choose a network and press Train. Training then shows loss and metrics, and can pause and resume.",
  },
  {
    to: "/runs",
    title: "Runs",
    text: "Open a run for its metrics by class and its misclassified beats. Select several runs to compare or export them.",
  },
  {
    to: "/help",
    title: "Help",
    text: "Here are the glossary, the shortcuts and this tour. Ctrl+K goes to any screen, run or term.",
  },
];

export const useTour = defineStore("tour", () => {
  const settings = useSettings();
  /** Index of the step; null: no tour. */
  const at = ref<number | null>(null);

  const answerOffer = async (): Promise<void> => {
    if (!settings.settings.tourOffered) await settings.change({ tourOffered: true });
  };
  return {
    at,
    step: computed(() => (at.value === null ? null : tourSteps[at.value])),
    start: (): Promise<void> => {
      at.value = 0;
      return answerOffer();
    },
    /** Declines the offer, which is not repeated. */
    decline: answerOffer,
    next: (): void => {
      if (at.value !== null) at.value = at.value + 1 < tourSteps.length ? at.value + 1 : null;
    },
    back: (): void => {
      if (at.value !== null) at.value = Math.max(0, at.value - 1);
    },
    end: (): void => {
      at.value = null;
    },
  };
});
