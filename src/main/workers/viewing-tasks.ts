/** The tasks of the worker thread that reads recordings for the screen. */
import type {
  AnnotationColumns,
  BeatPreview,
  DenoisedStretch,
  Envelope,
  SignalStretch,
} from "../../contract/domain/viewing.ts";
import type { PreparationSettings } from "../../contract/domain/preparation.ts";
import type { DenoisingSettings } from "../../pipeline/signal/denoise.ts";

/** A record's files, and which samples of it; without `from` and `to`, all of it. */
export interface StretchInput {
  folder: string;
  name: string;
  from?: number | undefined;
  to?: number | undefined;
}

// A type, not an interface: only a type's properties are known to fit a record of tasks.
export type ViewingTasks = {
  signal: { input: StretchInput; output: SignalStretch };
  envelope: {
    input: StretchInput & { columns: number; denoising?: DenoisingSettings | undefined };
    output: Envelope;
  };
  denoised: { input: StretchInput & { lead: number; settings: DenoisingSettings }; output: DenoisedStretch };
  annotations: { input: { folder: string; name: string }; output: AnnotationColumns };
  previewBeat: {
    input: { folder: string; name: string; settings: PreparationSettings; beat: number; label?: string | undefined };
    output: BeatPreview;
  };
};
