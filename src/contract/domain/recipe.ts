/**
 * Input recipe of a preparation: how beats and features are computed from the recordings (src/pipeline/recipe/), with the
 * definition, unit and source of each feature.
 */
import { z } from "zod";

/** Versions of the recipe that this version of the app computes. A changed definition makes a new version. */
export const RECIPE_VERSION = 1;

/** Rate in Hz at which the recipe computes; leads of other rates are resampled. */
export const RECIPE_RATE = 360;

/** Window and rate of the beats that the recipe gives: 72 samples before the R-peak, and 72 from it on. */
export const RECIPE_WINDOW = { beforeMs: 600, afterMs: 600, rate: 120 } as const;

/** `full` looks at the whole recording and at later beats; `causal` at nothing after the beat's window. */
export const recipeVariants = ["full", "causal"] as const;
export type RecipeVariant = (typeof recipeVariants)[number];

/** Channels of a beat: the beat, and its difference from the patient's median beat. */
export const beatChannels = ["beat", "difference"] as const;
export type BeatChannel = (typeof beatChannels)[number];

export const inputRecipeSchema = z.strictObject({
  version: z.literal(RECIPE_VERSION),
  variant: z.enum(recipeVariants),
  /** Leads: the one that the names of the settings choose, and the recording's next ECG lead. */
  leads: z.union([z.literal(1), z.literal(2)]),
  /** Channels of each lead, in this order. */
  channels: z.array(z.enum(beatChannels)).min(1).max(2),
  /** Whether recordings are made from those of the training set: early beats, fibrillation, sinus arrhythmia and pauses. */
  synthetic: z.boolean(),
});
export type InputRecipe = z.infer<typeof inputRecipeSchema>;

/** Returns the channels of a beat. */
export function channelsOf({ leads, channels }: Pick<InputRecipe, "leads" | "channels">): number {
  return leads * channels.length;
}

/** Returns the names of the channels, in the order of their values. @param leads names of the leads */
export function channelNames({ channels }: Pick<InputRecipe, "channels">, leads: readonly string[]): string[] {
  return leads.flatMap((lead) =>
    channels.map((channel) => (channel === "beat" ? lead : `${lead} minus its median beat`)),
  );
}

/** Returns the beats of a sequence beside the beat that is classified: seventeen in all, as two convolutions of nine see. */
export function sequenceOf({ variant }: Pick<InputRecipe, "variant">): { before: number; after: number } {
  return variant === "causal" ? { before: 16, after: 0 } : { before: 8, after: 8 };
}

/** Families of synthetic recordings. */
export const syntheticFamilies = ["early-beats", "fibrillation", "sinus-arrhythmia"] as const;
export type SyntheticFamily = (typeof syntheticFamilies)[number];

export const syntheticFamilyTitles: Readonly<Record<SyntheticFamily, string>> = {
  "early-beats": "early atrial beats",
  fibrillation: "atrial fibrillation",
  "sinus-arrhythmia": "sinus arrhythmia and pauses",
};

/** Groups of features, in the order of their values. */
export const featureGroups = ["rr", "irregularity", "qrs-t", "p-wave", "neighbours", "windows"] as const;
export type FeatureGroup = (typeof featureGroups)[number];

export const featureGroupTitles: Readonly<Record<FeatureGroup, string>> = {
  rr: "RR intervals",
  irregularity: "Irregularity",
  "qrs-t": "QRS complex and T wave",
  "p-wave": "P wave",
  neighbours: "Neighbouring beats",
  windows: "Beats nearby",
};

/** What a feature looks at beyond the beat's window and the beats before. */
export const featureUses = ["recording", "later-beats"] as const;
/** `recording`: statistics of the whole recording (transductive). `later-beats`: beats after this one (not causal). */
export type FeatureUse = (typeof featureUses)[number];

export const featureUseTitles: Readonly<Record<FeatureUse, string>> = {
  recording: "transductive",
  "later-beats": "not causal",
};

export interface FeatureDefinition {
  name: string;
  group: FeatureGroup;
  /** One sentence without a full stop. */
  definition: string;
  /** Empty: none, such as that of a correlation. */
  unit: string;
  /** Where the feature comes from. */
  source: string;
  /** Empty: the feature is causal. */
  uses: readonly FeatureUse[];
}

const DE_CHAZAL = "RR intervals of de Chazal 2004, doi:10.1109/TBME.2004.827359, as logarithms of ratios";
const HRV = "RMSSD and pNN50 of the Task Force 1996, doi:10.1161/01.CIR.93.5.1043, of ln RR";
const SHAPE =
  "Morphology against a template, as Llamedo 2011, doi:10.1109/TBME.2010.2068048; parts and scaling: Ectopy, ADR 21";
const P_WAVE = "Ectopy, ADR 21";

/** Returns the definitions of a recipe's features, in the order of their values. */
export function featureDefinitions({
  variant,
  leads,
}: Pick<InputRecipe, "variant" | "leads">): readonly FeatureDefinition[] {
  const isCausal = variant === "causal";
  const near = (reach: number): string => (isCausal ? `the last ${2 * reach + 1} beats` : `the beats within ±${reach}`);
  const reference = isCausal ? "the median of up to 100 beats before" : "the recording's median beat";
  const overall = isCausal ? "all beats so far" : "the recording";
  const [ofRecording, ofNearby, ofBoth] = ([["recording"], ["later-beats"], ["recording", "later-beats"]] as const).map(
    (uses): readonly FeatureUse[] => (isCausal ? [] : uses),
  );

  type Row = Omit<FeatureDefinition, "group" | "source">;
  const row = (name: string, unit: string, definition: string, uses: readonly FeatureUse[] = []): Row => {
    return { name, unit, definition, uses };
  };
  const later = (...args: Parameters<typeof row>): Row[] => (isCausal ? [] : [row(...args)]);
  const perLead = (of: (lead: string, suffix: string) => Row): Row[] =>
    Array.from({ length: leads }, (_, lead) => of(`lead ${lead + 1}`, `_${lead + 1}`));
  const group = (name: FeatureGroup, source: string, rows: readonly Row[]): FeatureDefinition[] =>
    rows.map((each) => ({ ...each, group: name, source }));

  const qrs = `−100 to +117 ms`;
  const qrsT = `−50 to +417 ms`;
  const own = group("rr", DE_CHAZAL, [
    row("rr_before_mean", "ln", `RR before the beat over the mean RR of ${overall}`, ofRecording),
    ...later("rr_after_mean", "ln", "RR after the beat over the mean RR of the recording", ofBoth),
    row("rr_before_last10", "ln", "RR before the beat over the mean of the ten RR before it"),
    row("rr_before_local", "ln", `RR before the beat over the mean RR of ${near(10)}`, ofNearby),
    ...later("rr_after_local", "ln", `RR after the beat over the mean RR of ${near(10)}`, ofNearby),
    ...later("rr_after_before", "ln", "RR after the beat over RR before it", ofNearby),
    row("rr_before_previous", "ln", "RR before the beat over RR before the previous beat"),
    ...later("rr_next_after", "ln", "RR after the next beat over RR after this one", ofNearby),
  ]);
  const irregular = group("irregularity", HRV, [
    row(
      "rr_change_rms10",
      "ln",
      `root mean square of d over ${near(10)}; d = |change of ln RR from the beat before|`,
      ofNearby,
    ),
    row("rr_change_median30", "ln", `median of d over ${near(30)}`, ofNearby),
    row(
      "rr_deviation30",
      "ln",
      `median over ${near(30)} of each one's |ln RR − median ln RR of ${near(30)}|`,
      ofNearby,
    ),
    row("rr_irregular30", "share", `share of ${near(30)} with d above 0.1`, ofNearby),
    row("rr_change_median100", "ln", `median of d over ${near(100)}`, ofNearby),
  ]);
  const shape = group("qrs-t", SHAPE, [
    ...perLead((lead, n) =>
      row(`qrs_correlation${n}`, "", `${lead}: correlation with ${reference}, ${qrs}`, ofRecording),
    ),
    ...perLead((lead, n) =>
      row(
        `qrs_width${n}`,
        "s",
        `${lead}: time above 0.3 of the maximum within −150 to +200 ms, less its median`,
        ofRecording,
      ),
    ),
    ...perLead((lead, n) =>
      row(`qrs_slope${n}`, "ln", `${lead}: steepest slope within −150 to +200 ms over its median`, ofRecording),
    ),
    ...perLead((lead, n) =>
      row(`qrs_amplitude${n}`, "ln", `${lead}: largest amplitude, ${qrs}, over that of ${reference}`, ofRecording),
    ),
    ...perLead((lead, n) =>
      row(`qrst_correlation${n}`, "", `${lead}: correlation with ${reference}, ${qrsT}`, ofRecording),
    ),
    ...perLead((lead, n) =>
      row(
        `qrst_difference${n}`,
        "amplitudes",
        `${lead}: root mean square of the difference from ${reference}, ${qrsT}`,
        ofRecording,
      ),
    ),
    ...perLead((lead, n) =>
      row(
        `t_projection${n}`,
        "",
        `${lead}: projection of the T wave on that of ${reference}, +67 to +392 ms, within ±4`,
        ofRecording,
      ),
    ),
    ...perLead((lead, n) =>
      row(
        `difference_length${n}`,
        "share",
        `${lead}: share of samples that differ from ${reference} by more than 0.15 amplitudes, −150 to +192 ms`,
        ofRecording,
      ),
    ),
    row("qrs_correlation", "", `all leads: correlation with ${reference}, −100 to +117 ms`, ofRecording),
    row("qrst_correlation", "", `all leads: correlation with ${reference}, ${qrsT}`, ofRecording),
    ...perLead((lead, n) =>
      row(
        `qrst_nearby_difference${n}`,
        "amplitudes",
        `${lead}: root mean square of the difference from the median of ${near(10)}, ${qrsT}`,
        ofBoth,
      ),
    ),
  ]);
  const pWave = group("p-wave", P_WAVE, [
    ...perLead((lead, n) =>
      row(`p_correlation${n}`, "", `${lead}: correlation with the P wave of ${reference}, −250 to −72 ms`, ofRecording),
    ),
    ...perLead((lead, n) =>
      row(`p_nearby_correlation${n}`, "", `${lead}: correlation with the median P wave of ${near(20)}`, ofNearby),
    ),
    ...perLead((lead, n) =>
      row(`p_projection${n}`, "", `${lead}: projection on the P wave of ${reference}`, ofRecording),
    ),
    ...perLead((lead, n) =>
      row(
        `p_difference${n}`,
        "ln",
        `${lead}: root mean square of the difference from the P wave of ${reference}, over its own`,
        ofRecording,
      ),
    ),
    ...perLead((lead, n) =>
      row(`p_consistency${n}`, "", `${lead}: median of p_nearby_correlation${n} over ${near(20)}`, ofNearby),
    ),
  ]);
  const definitionOf = new Map([...own, ...shape, ...pWave].map((each) => [each.name, each]));
  const neighbours = neighbourFeatures.flatMap((name) => {
    const { unit, uses } = definitionOf.get(name)!;
    return neighbourOffsets(variant).map((offset) => {
      const beat = `${Math.abs(offset)} beat${Math.abs(offset) === 1 ? "" : "s"} ${offset < 0 ? "before" : "after"}`;
      return row(
        `${name}${signed(offset)}`,
        unit,
        `${name} of the beat ${beat}`,
        isCausal ? [] : withLaterBeats(uses, offset),
      );
    });
  });
  const windows = Object.entries(windowFeatures).flatMap(([name, text]) =>
    windowReaches.map((reach) =>
      row(`${name}_w${reach}`, name.startsWith("p_") ? "" : "share", `${text(near)} of ${near(reach)}`, ofBoth),
    ),
  );
  return [
    ...own,
    ...irregular,
    ...shape,
    ...pWave,
    ...group("neighbours", P_WAVE, neighbours),
    ...group("windows", P_WAVE, windows),
  ];
}

/** Returns the names of a recipe's features, in the order of their values. */
export function featureNames(recipe: Pick<InputRecipe, "variant" | "leads">): string[] {
  return featureDefinitions(recipe).map(({ name }) => name);
}

/** Features that a beat also has of its neighbours. */
export const neighbourFeatures: readonly string[] = [
  "rr_before_mean",
  "qrs_correlation",
  "p_nearby_correlation_1",
  "qrst_nearby_difference_1",
];

/** Returns the neighbours whose features a beat has. */
export function neighbourOffsets(variant: RecipeVariant): number[] {
  return variant === "causal" ? [-2, -1] : [-2, -1, 1, 2];
}

/** Beats on each side of the window means; causal: half of the beats before. */
export const windowReaches: readonly number[] = [3, 10, 40];

/** What the window means count, by the first part of their names. */
const windowFeatures: Readonly<Record<string, (near: (reach: number) => string) => string>> = {
  early_local: (near) => `share of beats more than 0.1 (ln) early against the mean RR of ${near(30)},`,
  early_mean: () => "share of beats with rr_before_mean below −0.1,",
  other_qrs: () => "share of beats with qrs_correlation below 0.8,",
  p_nearby_correlation: () => "mean of p_nearby_correlation_1",
};

function withLaterBeats(uses: readonly FeatureUse[], offset: number): readonly FeatureUse[] {
  return offset > 0 && !uses.includes("later-beats") ? [...uses, "later-beats"] : uses;
}

function signed(offset: number): string {
  return offset > 0 ? `+${offset}` : String(offset);
}
