/** Runs that can be paused and taken up again: checkpoints, every step's loss, each epoch's F1 by class. */
export const sql = `
-- The same table with one status more: SQLite can't change a CHECK in place.
CREATE TABLE runs_with_pause (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  preparation_id INTEGER NOT NULL REFERENCES preparations (id) ON DELETE RESTRICT,
  network TEXT NOT NULL,
  settings TEXT NOT NULL CHECK (json_valid(settings)),
  status TEXT NOT NULL
    CHECK (status IN ('queued', 'running', 'paused', 'completed', 'cancelled', 'failed', 'interrupted')),
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
INSERT INTO runs_with_pause SELECT id, preparation_id, network, settings, status, created_at, started_at, finished_at, error,
  device, best_epoch, stopped_early, trainable_parameters, total_parameters, seconds FROM runs;
DROP TABLE runs;
ALTER TABLE runs_with_pause RENAME TO runs;
CREATE INDEX runs_of_preparation ON runs (preparation_id);

-- F1 of each class, in the order of the preparation's labels
ALTER TABLE epochs ADD COLUMN validation_f1 TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(validation_f1));
ALTER TABLE epochs ADD COLUMN learning_rate REAL NOT NULL DEFAULT 0;

-- Loss and accuracy of every step, float32, in pieces as they came: the first step of a piece is numbered from 1 over all epochs
CREATE TABLE step_curves (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  first_step INTEGER NOT NULL CHECK (first_step >= 1),
  losses BLOB NOT NULL CHECK (length(losses) % 4 = 0),
  accuracies BLOB NOT NULL CHECK (length(accuracies) = length(losses)),
  PRIMARY KEY (run_id, first_step)
) STRICT;

-- Its folder is checkpoints/ID
CREATE TABLE checkpoints (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  -- SHA-256 over its files
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  -- epochs that had ended, and steps done over all epochs
  epochs INTEGER NOT NULL CHECK (epochs >= 0),
  steps INTEGER NOT NULL CHECK (steps >= 0),
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX checkpoints_of_run ON checkpoints (run_id);
`;
