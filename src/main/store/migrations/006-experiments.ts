/** Runs that belong together as one question. */
export const sql = `
CREATE TABLE experiments (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL CHECK (name <> ''),
  plan TEXT NOT NULL CHECK (json_valid(plan)),
  -- by which a winner is chosen, of the validation part
  metric TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE experiment_runs (
  run_id INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
  experiment_id INTEGER NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
  -- what sets it apart from the others
  label TEXT NOT NULL
) STRICT;
CREATE INDEX runs_of_experiment ON experiment_runs (experiment_id);
`;
