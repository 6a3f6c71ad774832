/** Tasks of the worker thread that reads recordings for the viewer. */
import type {
  AnnotationColumns,
  BeatPreview,
  DenoisedStretch,
  Envelope,
  SignalStretch,
} from "../../contract/domain/viewing.ts";
import type { RhythmSummary } from "../../contract/domain/rhythm.ts";
import type { PreparationSettings } from "../../contract/domain/preparation.ts";
import type { DenoisingSettings } from "../../pipeline/signal/denoise.ts";

/** Files of a record, and a range of its samples; without `from` and `to`, the whole record. */
export interface StretchInput {
  folder: string;
  name: string;
  from?: number | undefined;
  to?: number | undefined;
}

// A type, not an interface: TypeScript assigns only a type alias to an index signature, as TaskMap has.
export type ViewingTasks = {
  signal: { input: StretchInput; output: SignalStretch };
  envelope: {
    input: StretchInput & { columns: number; denoising?: DenoisingSettings | undefined };
    output: Envelope;
  };
  denoised: { input: StretchInput & { lead: number; settings: DenoisingSettings }; output: DenoisedStretch };
  rhythm: { input: { folder: string; name: string }; output: RhythmSummary };
  annotations: { input: { folder: string; name: string }; output: AnnotationColumns };
  previewBeat: {
    input: { folder: string; name: string; settings: PreparationSettings; beat: number; label?: string | undefined };
    output: BeatPreview;
  };
};
