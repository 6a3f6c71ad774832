/** References of a report, by the data and methods of its runs. */
import { citationsOf, type CitedDatabase } from "../../../contract/domain/physionet.ts";

export interface Cited {
  /** Databases of the recordings. */
  databases: readonly CitedDatabase[];
  interPatient: boolean;
  aami: boolean;
  denoised: boolean;
  smote: boolean;
  compared: boolean;
}

export function references({ databases, interPatient, aami, denoised, smote, compared }: Cited): string[] {
  return [
    ...new Set(databases.flatMap(citationsOf)),
    ...(interPatient && databases.some(({ name }) => name === "mitdb")
      ? [
          "de Chazal P, O'Dwyer M, Reilly RB. Automatic classification of heartbeats using ECG morphology and heartbeat interval features. IEEE Trans Biomed Eng 51(7):1196-1206, 2004.",
        ]
      : []),
    ...(aami
      ? [
          "ANSI/AAMI EC57. Testing and reporting performance results of cardiac rhythm and ST segment measurement algorithms.",
        ]
      : []),
    ...(denoised
      ? ["Donoho DL, Johnstone IM. Ideal spatial adaptation by wavelet shrinkage. Biometrika 81(3):425-455, 1994."]
      : []),
    ...(smote
      ? [
          "Chawla NV, Bowyer KW, Hall LO, Kegelmeyer WP. SMOTE: synthetic minority over-sampling technique. J Artif Intell Res 16:321-357, 2002.",
        ]
      : []),
    "Wilson EB. Probable inference, the law of succession, and statistical inference. J Am Stat Assoc 22:209-212, 1927.",
    ...(compared
      ? [
          "McNemar Q. Note on the sampling error of the difference between correlated proportions or percentages. Psychometrika 12:153-157, 1947.",
        ]
      : []),
  ];
}
