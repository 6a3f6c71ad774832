/** Datasets, preparations, runs, their epochs and every figure of their evaluation. */
export const sql = `
CREATE TABLE datasets (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL CHECK (name <> ''),
  source TEXT NOT NULL,
  -- SHA-256 over the stored files: the same recordings are stored once
  fingerprint TEXT NOT NULL UNIQUE CHECK (length(fingerprint) = 64),
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE records (
  dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  usable INTEGER NOT NULL CHECK (usable IN (0, 1)),
  rate REAL NOT NULL CHECK (rate >= 0),
  length INTEGER NOT NULL CHECK (length >= 0),
  leads TEXT NOT NULL CHECK (json_valid(leads)),
  other_annotations INTEGER NOT NULL CHECK (other_annotations >= 0),
  comments TEXT NOT NULL CHECK (json_valid(comments)),
  PRIMARY KEY (dataset_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE record_beats (
  dataset_id INTEGER NOT NULL,
  record TEXT NOT NULL,
  symbol TEXT NOT NULL,
  count INTEGER NOT NULL CHECK (count > 0),
  PRIMARY KEY (dataset_id, record, symbol),
  FOREIGN KEY (dataset_id, record) REFERENCES records (dataset_id, name) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE findings (
  id INTEGER PRIMARY KEY,
  dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
  -- null: of the folder, not of one record
  record TEXT,
  severity TEXT NOT NULL CHECK (severity IN ('damaged', 'warning', 'note')),
  message TEXT NOT NULL,
  fix TEXT NOT NULL
) STRICT;
CREATE INDEX findings_of_dataset ON findings (dataset_id, record);

CREATE TABLE preparations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE RESTRICT,
  settings TEXT NOT NULL CHECK (json_valid(settings)),
  summary TEXT NOT NULL CHECK (json_valid(summary)),
  -- SHA-256 over the prepared files
  fingerprint TEXT NOT NULL CHECK (length(fingerprint) = 64),
  seconds REAL NOT NULL CHECK (seconds >= 0),
  created_at TEXT NOT NULL,
  UNIQUE (dataset_id, settings)
) STRICT;

CREATE TABLE preparation_classes (
  preparation_id INTEGER NOT NULL REFERENCES preparations (id) ON DELETE CASCADE,
  class INTEGER NOT NULL CHECK (class >= 0),
  label TEXT NOT NULL,
  found INTEGER NOT NULL,
  train INTEGER NOT NULL,
  validation INTEGER NOT NULL,
  test INTEGER NOT NULL,
  synthetic_train INTEGER NOT NULL,
  synthetic_validation INTEGER NOT NULL,
  synthetic_test INTEGER NOT NULL,
  PRIMARY KEY (preparation_id, class)
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  preparation_id INTEGER NOT NULL REFERENCES preparations (id) ON DELETE RESTRICT,
  network TEXT NOT NULL,
  settings TEXT NOT NULL CHECK (json_valid(settings)),
  status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'completed', 'cancelled', 'failed', 'interrupted')),
  created_at TEXT NOT NULL,
  started_at TEXT,
  finished_at TEXT,
  -- the catalogue's error as JSON, where the run failed
  error TEXT CHECK (error IS NULL OR json_valid(error)),
  device TEXT CHECK (device IS NULL OR json_valid(device)),
  best_epoch INTEGER CHECK (best_epoch IS NULL OR best_epoch >= 0),
  stopped_early INTEGER CHECK (stopped_early IS NULL OR stopped_early IN (0, 1)),
  trainable_parameters INTEGER,
  total_parameters INTEGER,
  seconds REAL,
  CHECK (status <> 'completed' OR finished_at IS NOT NULL),
  CHECK (status <> 'failed' OR error IS NOT NULL)
) STRICT;
CREATE INDEX runs_of_preparation ON runs (preparation_id);

CREATE TABLE epochs (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  epoch INTEGER NOT NULL CHECK (epoch >= 1),
  train_loss REAL NOT NULL,
  train_accuracy REAL NOT NULL,
  validation_loss REAL NOT NULL,
  validation_accuracy REAL NOT NULL,
  validation_macro_f1 REAL NOT NULL,
  seconds REAL NOT NULL,
  validation_seconds REAL NOT NULL,
  PRIMARY KEY (run_id, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE evaluations (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  part TEXT NOT NULL CHECK (part IN ('train', 'validation', 'test')),
  loss REAL NOT NULL,
  accuracy REAL NOT NULL,
  macro_f1 REAL NOT NULL,
  weighted_f1 REAL NOT NULL,
  PRIMARY KEY (run_id, part)
) STRICT, WITHOUT ROWID;

CREATE TABLE class_metrics (
  run_id INTEGER NOT NULL,
  part TEXT NOT NULL,
  class INTEGER NOT NULL CHECK (class >= 0),
  label TEXT NOT NULL,
  precision REAL NOT NULL,
  recall REAL NOT NULL,
  f1 REAL NOT NULL,
  support INTEGER NOT NULL,
  PRIMARY KEY (run_id, part, class),
  FOREIGN KEY (run_id, part) REFERENCES evaluations (run_id, part) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Only what occurred: a cell that is missing is 0.
CREATE TABLE confusions (
  run_id INTEGER NOT NULL,
  part TEXT NOT NULL,
  true_class INTEGER NOT NULL,
  predicted_class INTEGER NOT NULL,
  count INTEGER NOT NULL CHECK (count > 0),
  PRIMARY KEY (run_id, part, true_class, predicted_class),
  FOREIGN KEY (run_id, part) REFERENCES evaluations (run_id, part) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
`;
