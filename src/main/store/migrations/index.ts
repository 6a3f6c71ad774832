/** All migrations in order. Append only: a migration that has shipped is never changed. */
import { sql as initial } from "./001-initial.ts";
import { sql as checkpoints } from "./002-checkpoints.ts";
import { sql as remarks } from "./003-remarks-and-jobs.ts";
import { sql as models } from "./004-models.ts";
import { sql as runLog } from "./005-run-log.ts";
import { sql as experiments } from "./006-experiments.ts";
import { sql as oneWord } from "./007-one-word-for-one-thing.ts";
import { sql as savedNetworks } from "./008-saved-networks.ts";
import { sql as names } from "./009-names.ts";
import { sql as anyRecording } from "./010-any-recording.ts";
import { sql as recordDetails } from "./011-record-details.ts";
import { sql as testLooks } from "./012-test-looks.ts";
import { sql as temperature } from "./013-temperature.ts";
import { sql as cluster } from "./014-cluster.ts";
import { sql as annotationSets } from "./015-annotation-sets.ts";
import { sql as annotationTexts } from "./016-annotation-texts.ts";
import { sql as patientCorrections } from "./017-patient-corrections.ts";
import { sql as runMachines } from "./018-run-machines.ts";
import { sql as reviews } from "./019-reviews.ts";
import { sql as removedSets } from "./020-removed-sets.ts";
import { sql as classification } from "./021-classification.ts";
import { sql as beatFamilies } from "./022-beat-families.ts";
import { sql as stripChoices } from "./023-strip-choices.ts";
import { sql as learnedLabels } from "./024-learned-labels.ts";
import { sql as ensembles } from "./025-ensembles.ts";

/** Migration i takes the database from version i to i + 1 (`user_version`). */
export const migrations: readonly string[] = [
  initial,
  checkpoints,
  remarks,
  models,
  runLog,
  experiments,
  oneWord,
  savedNetworks,
  names,
  anyRecording,
  recordDetails,
  testLooks,
  temperature,
  cluster,
  annotationSets,
  annotationTexts,
  patientCorrections,
  runMachines,
  reviews,
  removedSets,
  classification,
  beatFamilies,
  stripChoices,
  learnedLabels,
  ensembles,
];
