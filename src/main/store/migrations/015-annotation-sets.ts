/** Annotation sets of datasets: annotations that Ectopy made, beside the imported ones, which stay as they are. */
export const sql = `
CREATE TABLE annotation_sets (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
  -- annotator, by which commands name the set
  name TEXT NOT NULL CHECK (name <> ''),
  origin TEXT NOT NULL CHECK (origin IN ('detected', 'classified', 'reviewed')),
  -- annotator that the set was made from; null: from the samples
  parent TEXT,
  -- what made it, such as the leads that were read
  settings TEXT NOT NULL CHECK (json_valid(settings)),
  created_at TEXT NOT NULL,
  UNIQUE (dataset_id, name)
) STRICT;

-- Columns of the annotations of one recording, one value for each annotation, in order of time.
CREATE TABLE annotation_columns (
  set_id INTEGER NOT NULL REFERENCES annotation_sets (id) ON DELETE CASCADE,
  record TEXT NOT NULL,
  -- little-endian integers of 32 bits
  samples BLOB NOT NULL CHECK (length(samples) % 4 = 0),
  -- WFDB's annotation codes and subtypes
  codes BLOB NOT NULL CHECK (length(codes) * 4 = length(samples)),
  subtypes BLOB NOT NULL CHECK (length(subtypes) = length(codes)),
  -- float32; null: no probabilities
  probabilities BLOB CHECK (length(probabilities) = length(samples)),
  -- bit 0: unsure, bit 1: unlike anything in training; null: none
  flags BLOB CHECK (length(flags) = length(codes)),
  PRIMARY KEY (set_id, record)
) STRICT;
`;
