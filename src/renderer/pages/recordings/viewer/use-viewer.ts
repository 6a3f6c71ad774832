/** State and actions of the viewer of one recording; its components share this object. */
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from "vue";
import { windowOf } from "../../../../contract/domain/preparation.ts";
import { DEFAULT_PROTOCOL, defaultPreparation } from "../../../../contract/settings/defaults.ts";
import { useSettings } from "../../../stores/settings.ts";
import { useTheme } from "../../../theme/theme.ts";
import { neededOf, type Scene } from "./scene.ts";
import { ALL_BEATS, type SelectedEvent } from "./events.ts";
import { comparedRowHeight, GUTTER, type Panel } from "./layout.ts";
import { stripOf, type Strip } from "./save-strip.ts";
import { coverOf } from "./tile-cover.ts";
import { tilesToLoad } from "./tiles.ts";
import { gainThatFits } from "./fit-gain.ts";
import { useCalipers, type CaliperControl } from "./use-calipers.ts";
import { useLeads, type Leads } from "./use-leads.ts";
import { useMode, type ViewerMode } from "./use-mode.ts";
import { useRecord, type OpenedRecord, type RecordState } from "./use-record.ts";
import { useScale, type Scale } from "./use-scale.ts";
import { useSets, type SetChoice } from "./use-sets.ts";
import { useSelection, type Selection } from "./use-selection.ts";
import { useViewAddress } from "./use-view-address.ts";
import { useReview, type ReviewControl } from "./use-review.ts";
import { useView, type ViewControl } from "./use-view.ts";
import { centredOn, centreOf, secondsIn, STANDARD_SPEED, toPixelsPerSecond, type Extent, type View } from "./view.ts";

/** Tolerance around a time in the address within which a beat is selected. */
const ADDRESS_TOLERANCE_S = 0.005;

/** In a lower window, heart rate and RR intervals are hidden at first, so that the trace has room. */
const MIN_HEIGHT_FOR_TRENDS_PX = 700;

export interface Viewer extends Pick<RecordState, "error" | "retry"> {
  name: string;
  record: ShallowRef<OpenedRecord | null>;
  control: ViewControl;
  scale: Scale;
  selection: Selection;
  leads: Leads;
  sets: SetChoice;
  calipers: CaliperControl;
  review: ReviewControl;
  /** Chooses the largest gain at which the trace in view stays in its lanes. */
  fit: () => void;
  /** Width of the trace in pixels, and device pixels per CSS pixel. */
  plot: Ref<number>;
  density: Ref<number>;
  /** Duration of the recording, in s; 0 while it is loading. */
  duration: ComputedRef<number>;
  denoised: Ref<boolean>;
  windowShown: Ref<boolean>;
  /** Whether the overview shows heart rate and RR intervals. */
  trends: Ref<boolean>;
  /** Time under the pointer, in s; null while it is elsewhere. */
  cursor: Ref<number | null>;
  /** Whether nothing of the view is loaded yet. */
  rawMissing: Ref<boolean>;
  denoisedMissing: Ref<boolean>;
  /** Returns what to draw for a view and a size; call it only while a recording is open. */
  scene: (view: View, size: { width: number; height: number; density: number }) => Scene;
  goTo: (time: number) => void;
  mode: Ref<ViewerMode>;
  /** Show a time in s, and an event, in the strip. */
  openAt: (time: number) => void;
  openEvent: (event: SelectedEvent) => void;
  /** Changes when data was loaded. */
  loaded: ShallowRef<number>;
  /** The most frequent beat type; empty where there are no beats. */
  mostFrequent: ComputedRef<string>;
  /** Returns the strip in view, to be saved; null while nothing is drawn. */
  strip: () => Strip | null;
}

/** Settings of the filtered trace and of the beat window: those of a new preparation. */
export const preparation = defaultPreparation(DEFAULT_PROTOCOL);

export function useViewer(dataset: number, name: string): Viewer {
  const { dark, tokens } = useTheme();
  const { wavelet, levels, threshold } = preparation;
  const denoised = ref(false);
  const windowShown = ref(true);
  const trends = ref(window.innerHeight >= MIN_HEIGHT_FOR_TRENDS_PX);
  const cursor = ref<number | null>(null);
  const mode = useMode();
  const rawMissing = ref(true);
  const denoisedMissing = ref(false);
  const plot = ref(0);
  const density = ref(1);

  const extent = (): Extent | null =>
    record.value && plot.value > 0 ? { duration: duration.value, width: plot.value } : null;
  const control = useView({ start: 0, pixelsPerSecond: toPixelsPerSecond(STANDARD_SPEED) }, extent);
  const sets = useSets(dataset, name);
  const { record, error, retry } = useRecord(
    () => ({ dataset, record: name }),
    () => sets.chosen.value,
    {
      denoising: { wavelet, levels, threshold },
      changed: () => {
        loaded.value++;
        control.redraw();
      },
    },
  );
  const duration = computed(() => (record.value ? record.value.length / record.value.rate : 0));
  const scale = useScale(control, plot, duration);
  const selection = useSelection(record, control, plot);
  const leads = useLeads(record);
  const loaded = shallowRef(0);
  const calipers = useCalipers({
    record,
    leads,
    selection,
    centre: () => centreOf(control.now, plot.value),
    loaded,
  });
  const settings = useSettings();
  const review = useReview({
    dataset,
    name,
    record,
    sets,
    reviewer: () => settings.settings.reviewer,
    showTime: (time, opens) => {
      if (mode.value !== "strip") {
        if (opens) inStrip(() => goTo(time, false));
        return;
      }
      const { start } = control.target;
      const seconds = secondsIn(control.target, plot.value);
      // The view stays while the beat is in it, so that the reviewer's eye does.
      if (time > start && time < start + seconds) control.redraw();
      else control.change((view, where) => centredOn(view, time, where));
    },
    centre: () => centreOf(control.now, plot.value),
  });
  /** Samples of the selected event, or of the beats chosen in a review. */
  const selectedRange = computed(() => {
    if (review.set.value !== null) {
      if (review.range.value === null) return null;
      const { anchor, head } = review.range.value;
      return { from: Math.min(anchor, head), to: Math.max(anchor, head) };
    }
    if (!selection.selected.value) return null;
    const { group, index } = selection.selected.value;
    return { from: group.starts[index], to: group.ends[index] };
  });
  const mostFrequent = computed(
    () => selection.groups.value.find(({ kind, key }) => kind === "beat" && key !== ALL_BEATS)?.key ?? "",
  );

  let drawnHeight = 0;
  /** Panels below the row of a second annotation set. */
  const panelsOf = (width: number, height: number): Panel[] =>
    leads.panels({ width, height: height - comparedRowHeight(record.value) });
  const scene: Viewer["scene"] = (view, size) => ({
    record: record.value!,
    panels: panelsOf(size.width - GUTTER, (drawnHeight = size.height)),
    calipers: calipers.legs.value,
    cursor: cursor.value === null || !record.value ? null : Math.round(cursor.value * record.value.rate),
    mostFrequent: mostFrequent.value,
    view,
    ...size,
    gain: scale.gain.value,
    denoised: denoised.value,
    selected: selectedRange.value,
    isReview: review.set.value !== null,
    window: windowShown.value && record.value ? windowOf(preparation, record.value.rate) : null,
    tokens: tokens.value,
    dark: dark.value,
  });

  control.onFrame((view) => {
    // The full disclosure requests its own tiles.
    if (!record.value || mode.value === "disclosure") return;
    const needed = { ...neededOf(view, plot.value + GUTTER, density.value, record.value), heading: control.heading };
    const tiles = tilesToLoad(needed, record.value.length);
    record.value.raw.request(tiles);
    record.value.denoised.request(denoised.value ? tiles : []);
    const { raw, denoised: filtered, length } = record.value;
    rawMissing.value = coverOf((tile) => raw.get(tile), needed, length).length === 0;
    denoisedMissing.value = coverOf((tile) => filtered.get(tile), needed, length).length === 0;
  });
  watch(
    [
      scale.gain,
      denoised,
      windowShown,
      selection.selected,
      review.range,
      dark,
      record,
      cursor,
      calipers.legs,
      leads.all,
      leads.twelve,
      mode,
    ],
    control.redraw,
  );

  const goTo = (time: number, smoothly = true): void => {
    selection.pick(time, ADDRESS_TOLERANCE_S);
    control.change((view, where) => centredOn(view, time, where), smoothly);
  };
  useViewAddress({
    control,
    extent,
    sources: [record, plot],
    selectedTime: computed(() =>
      record.value && selectedRange.value ? selectedRange.value.from / record.value.rate : null,
    ),
    goTo,
  });

  /** Moves in the strip, which has no size before it was first shown. */
  const inStrip = (move: () => void): void => {
    mode.value = "strip";
    if (extent()) {
      move();
      return;
    }
    const stop = watch(
      plot,
      () => {
        stop();
        move();
      },
      { flush: "post" },
    );
  };

  const fit = (): void => {
    if (!record.value || drawnHeight === 0) return;
    const needed = neededOf(control.now, plot.value + GUTTER, density.value, record.value);
    scale.gain.value = gainThatFits(record.value, needed, panelsOf(plot.value, drawnHeight));
  };

  return {
    name,
    leads,
    sets,
    calipers,
    review,
    fit,
    record,
    error,
    retry,
    control,
    scale,
    selection,
    plot,
    density,
    duration,
    denoised,
    windowShown,
    trends,
    cursor,
    rawMissing,
    denoisedMissing,
    scene,
    goTo: (time) => goTo(time),
    mode,
    openAt: (time) => inStrip(() => goTo(time, false)),
    openEvent: (event) => inStrip(() => selection.show(event)),
    loaded,
    mostFrequent,
    strip: () =>
      record.value && drawnHeight > 0
        ? stripOf(scene(control.now, { width: plot.value + GUTTER, height: drawnHeight, density: density.value }), name)
        : null,
  };
}
