/** Classification of recordings: results of recordings before their set is complete, and references of runs. */
export const sql = `
-- A recording that was classified while the others of its annotation set were not: an interrupted classification is
-- continued from these. They are removed once the set is stored.
CREATE TABLE classification_drafts (
  -- hash of all that the result depends on
  key TEXT NOT NULL,
  dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
  record TEXT NOT NULL,
  -- names of the leads, as JSON
  leads TEXT NOT NULL CHECK (json_valid(leads)),
  -- R-peaks: little-endian integers of 32 bits
  samples BLOB NOT NULL,
  -- class number of each beat, its calibrated probability (float32), and whether it is unlike the training beats
  classes BLOB NOT NULL CHECK (length(classes) * 4 = length(samples)),
  probabilities BLOB NOT NULL CHECK (length(probabilities) = length(samples)),
  unlike BLOB NOT NULL CHECK (length(unlike) = length(classes)),
  PRIMARY KEY (key, record)
) STRICT;

-- What the distance of a beat from a run's training beats is measured from, in float32; fitted when the run first classifies.
CREATE TABLE run_references (
  run_id INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
  means BLOB NOT NULL,
  whitening BLOB NOT NULL,
  threshold REAL NOT NULL
) STRICT;
`;
