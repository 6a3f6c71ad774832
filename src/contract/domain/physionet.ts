/**
 * PhysioNet databases that Ectopy can download: content, licence and citation.
 *
 * Listed are databases whose records can be read and prepared unchanged: each beat's class annotated in `.atr`, one
 * rate for all signals, format 212 or 16. Not listed, though readable: afdb and vfdb, whose `.atr` annotates rhythms
 * and no beats; nstdb, records of mitdb with added noise, so with the same beats; and databases of day-long recordings,
 * such as nsrdb and ltdb.
 *
 * Sources of all numbers: headers of the records, PhysioNet's pages (https://physionet.org/content/NAME/VERSION/).
 */

export const physioNetNames = ["mitdb", "svdb", "incartdb"] as const;
export type PhysioNetName = (typeof physioNetNames)[number];

export interface PhysioNetDatabase {
  /** PhysioNet's short name, part of its addresses. */
  name: PhysioNetName;
  version: string;
  title: string;
  /** One sentence about the recordings. */
  about: string;
  records: number;
  /** Minutes of each record, rounded. */
  minutes: number;
  leads: number;
  /** In Hz. */
  rate: number;
  /**
   * Size of signals and annotations in bytes, rounded to a million: samples × leads × records × bytes per sample (212:
   * 1.5, 16: 2).
   */
  bytes: number;
  licence: { name: string; short: string };
  doi: string;
  /** Publication to cite for the database, beside {@link PHYSIONET_CITATION}. */
  citation: string;
}

/** Publication to cite for PhysioNet, with each of its databases. */
export const PHYSIONET_CITATION =
  "Goldberger AL, Amaral LAN, Glass L, et al. PhysioBank, PhysioToolkit, and PhysioNet: components of a new research resource for complex physiologic signals. Circulation 101(23):e215-e220, 2000.";

const ODC_BY = { name: "Open Data Commons Attribution License v1.0", short: "ODC-By 1.0" };

export const physioNetDatabases: Readonly<Record<PhysioNetName, PhysioNetDatabase>> = {
  mitdb: {
    name: "mitdb",
    version: "1.0.0",
    title: "MIT-BIH Arrhythmia Database",
    about: "Ambulatory recordings of 47 patients: 23 drawn at random, 25 chosen for rarer arrhythmias.",
    records: 48,
    minutes: 30,
    leads: 2,
    rate: 360,
    // 650,000 samples
    bytes: 94e6,
    licence: ODC_BY,
    doi: "10.13026/C2F305",
    citation:
      "Moody GB, Mark RG. The impact of the MIT-BIH Arrhythmia Database. IEEE Eng in Med and Biol 20(3):45-50, 2001.",
  },
  svdb: {
    name: "svdb",
    version: "1.0.0",
    title: "MIT-BIH Supraventricular Arrhythmia Database",
    about: "Made to supplement the examples of supraventricular arrhythmias in the MIT-BIH Arrhythmia Database.",
    records: 78,
    minutes: 30,
    leads: 2,
    rate: 128,
    // 230,400 samples
    bytes: 54e6,
    licence: ODC_BY,
    doi: "10.13026/C2V30W",
    citation:
      "Greenwald SD. Improved detection and classification of arrhythmias in noise-corrupted electrocardiograms using contextual information. Ph.D. thesis, Harvard-MIT Division of Health Sciences and Technology, 1990.",
  },
  incartdb: {
    name: "incartdb",
    version: "1.0.0",
    title: "St Petersburg INCART 12-lead Arrhythmia Database",
    about:
      "From 32 Holter recordings of patients examined for coronary artery disease, most with ventricular ectopic beats.",
    records: 75,
    minutes: 30,
    leads: 12,
    rate: 257,
    // 462,600 samples
    bytes: 833e6,
    licence: ODC_BY,
    doi: "10.13026/C2V88N",
    citation:
      "Tihonenko V, Khaustov A, Ivanov S, Rivin A, Yakushenko E. St Petersburg INCART 12-lead Arrhythmia Database (version 1.0.0). PhysioNet, 2008. doi:10.13026/C2V88N.",
  },
};

/** Returns all citations of a database. */
export function citationsOf({ citation }: PhysioNetDatabase): string[] {
  return [citation, PHYSIONET_CITATION];
}

/** Returns the page of a database, which is the source of its dataset. */
export function physioNetPage({ name, version }: PhysioNetDatabase): string {
  return `https://physionet.org/content/${name}/${version}/`;
}

/** Returns the database of a dataset, by the dataset's source. */
export function physioNetDatabaseOf(source: string): PhysioNetDatabase | undefined {
  return Object.values(physioNetDatabases).find((database) => physioNetPage(database) === source);
}

/** Returns the title of a database's download job. */
export function downloadTitle({ title }: PhysioNetDatabase): string {
  return `Download of ${title}`;
}

/** State of a database's download. */
export interface DownloadState {
  name: PhysioNetName;
  /** Bytes on this machine, from which the download can resume; 0: none. */
  bytes: number;
}
