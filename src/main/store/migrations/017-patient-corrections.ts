/** Corrections of patients: each makes a version of its dataset, so that preparations keep the patients they were split by. */
export const sql = `
CREATE TABLE patient_corrections (
  dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
  -- version of the dataset that the correction made, or that recordings were added in which changed the patients of others
  version INTEGER NOT NULL CHECK (version >= 2),
  created_at TEXT NOT NULL,
  -- patients before, by the names of the changed recordings; null: unknown
  patients TEXT NOT NULL CHECK (json_valid(patients)),
  -- how patients were known before
  patients_from TEXT,
  -- version whose correction this one undoes; null: it undoes none
  undoes INTEGER,
  PRIMARY KEY (dataset_id, version)
) STRICT, WITHOUT ROWID;
`;
