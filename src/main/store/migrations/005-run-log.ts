/** What happened to a run, in words, in its order. */
export const sql = `
CREATE TABLE run_log (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  at TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('note', 'warning', 'error')),
  words TEXT NOT NULL CHECK (words <> '')
) STRICT;
CREATE INDEX run_log_of_run ON run_log (run_id);
`;
