/** Choices of reviewers about the extremes of a recording's report. */
export const sql = `
CREATE TABLE strip_choices (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
  record TEXT NOT NULL,
  -- annotation set of the report, or the imported annotator
  set_id INTEGER REFERENCES annotation_sets (id) ON DELETE CASCADE,
  annotator TEXT,
  -- extreme of the report, such as longest-pause
  kind TEXT NOT NULL,
  action TEXT NOT NULL CHECK (action IN ('overruled', 'chosen')),
  -- first and last sample of the place
  from_sample INTEGER NOT NULL,
  to_sample INTEGER NOT NULL CHECK (to_sample >= from_sample),
  reason TEXT NOT NULL,
  reviewer TEXT NOT NULL CHECK (reviewer <> ''),
  created_at TEXT NOT NULL,
  CHECK ((set_id IS NULL) = (annotator IS NOT NULL))
) STRICT;
CREATE INDEX strip_choices_by_record ON strip_choices (dataset_id, record);
`;
