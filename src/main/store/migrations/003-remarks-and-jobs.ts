/** What a person writes beside a run, what was removed and can still be brought back, and jobs with their ends. */
export const sql = `
CREATE TABLE run_remarks (
  run_id INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
  notes TEXT NOT NULL,
  tags TEXT NOT NULL CHECK (json_valid(tags))
) STRICT;

-- Hidden until the workspace is next opened, then gone.
CREATE TABLE removed (
  kind TEXT NOT NULL CHECK (kind IN ('datasets', 'preparations', 'runs')),
  id INTEGER NOT NULL,
  removed_at TEXT NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'cancelled', 'interrupted')),
  started_at TEXT NOT NULL,
  finished_at TEXT,
  -- the catalogue's error as JSON, where it failed
  error TEXT CHECK (error IS NULL OR json_valid(error)),
  -- the dataset, preparation or run that it made
  subject INTEGER,
  CHECK ((state = 'running') = (finished_at IS NULL))
) STRICT;
`;
