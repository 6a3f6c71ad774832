/** One word for one thing: class map, sets, micro-batches, PPV and sensitivity, also where they are stored. */
import { renamedInSql, storedNames } from "../stored-names.ts";

const { preparation, training, plan } = storedNames;

export const sql = `
UPDATE preparations SET settings = ${renamedInSql("settings", preparation)}, summary = ${renamedInSql("summary", preparation)};
UPDATE runs SET settings = ${renamedInSql("settings", training)};
UPDATE experiments SET plan = ${renamedInSql("plan", plan)};
ALTER TABLE evaluations RENAME COLUMN part TO beat_set;
ALTER TABLE class_metrics RENAME COLUMN part TO beat_set;
ALTER TABLE confusions RENAME COLUMN part TO beat_set;
ALTER TABLE class_metrics RENAME COLUMN precision TO ppv;
ALTER TABLE class_metrics RENAME COLUMN recall TO sensitivity;
ALTER TABLE run_log RENAME COLUMN words TO message;
`;
