/** A strip of a recording on ECG paper, as geometry: 25 mm/s and 10 mm/mV, in hundredths of a mm. */

export const STRIP_SECONDS = 10;
/** Most leads in a strip. */
export const MAX_STRIP_LEADS = 3;
/** Units of the geometry in a mm. */
export const STRIP_UNITS_PER_MM = 100;
export const STRIP_SCALE = "25 mm/s, 10 mm/mV";

export interface StripDrawing {
  /** First sample, and sampling rate in Hz. */
  from: number;
  rate: number;
  width: number;
  height: number;
  /** Top of the paper; the symbols of the beats are above it. */
  top: number;
  /** Path data of the lines at every mm and at every 5 mm. */
  fine: string;
  coarse: string;
  lanes: StripLane[];
  /** R-peaks in the strip, with the symbol of their annotation. */
  beats: { x: number; symbol: string }[];
  /** RR intervals in ms, at the middle between two beats; too narrow ones are left out. */
  intervals: { x: number; ms: number }[];
  /** What the strip shows, such as a run. */
  highlight: { from: number; to: number };
}

export interface StripLane {
  lead: string;
  units: string;
  top: number;
  bottom: number;
  /** Path data of the trace. */
  path: string;
}
