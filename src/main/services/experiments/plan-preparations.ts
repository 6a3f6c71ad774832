/** Plans the preparations of experiments that need several. */
import type { PreparationSettings, Protocol } from "../../../contract/domain/preparation.ts";
import { defaultPreparation } from "../../../contract/settings/defaults.ts";
import { protocolName } from "../../../contract/settings/setting-table.ts";
import { pairedProtocols } from "./plan-runs.ts";

/** A preparation to make, and how the progress names it. */
export interface Variant {
  stage: string;
  settings: PreparationSettings;
}

/** Returns a preparation for each fold. */
export function foldVariants(settings: PreparationSettings, folds: number): Variant[] {
  return Array.from({ length: folds }, (_, i) => ({
    stage: `Fold ${i + 1} of ${folds}`,
    settings: { ...withProtocol(settings, "cross-validation"), fold: { number: i + 1, of: folds } },
  }));
}

/** Returns settings with another protocol: what belongs to one protocol alone gets its default. */
function withProtocol(settings: PreparationSettings, protocol: Protocol): PreparationSettings {
  const { withoutSharedPatient } = defaultPreparation(protocol);
  return {
    ...settings,
    protocol,
    withoutSharedPatient: settings.protocol === protocol ? settings.withoutSharedPatient : withoutSharedPatient,
    withoutBothShared: settings.protocol === protocol ? settings.withoutBothShared : undefined,
    assigned: undefined,
    fold: undefined,
  };
}

/** Returns a preparation for each protocol of a pair, which differ in nothing else. */
export function pairVariants(settings: PreparationSettings): Variant[] {
  const { recipe } = settings;
  // Synthetic recordings need a split by patient, which the reference study does not have.
  const common = recipe?.synthetic === true ? { ...settings, recipe: { ...recipe, synthetic: false } } : settings;
  return pairedProtocols.map((protocol) => ({
    stage: protocolName(protocol),
    settings: withProtocol(common, protocol),
  }));
}
