/** Experiments whose runs are trained on other machines. */
export const sql = `
CREATE TABLE cluster_experiments (
  experiment_id INTEGER PRIMARY KEY REFERENCES experiments (id) ON DELETE CASCADE,
  -- settings of the executor as they were at the start
  executor TEXT NOT NULL CHECK (json_valid(executor)),
  -- path of the cluster folder on this machine
  folder TEXT NOT NULL,
  -- started workers
  workers TEXT NOT NULL CHECK (json_valid(workers)),
  cancelled INTEGER NOT NULL DEFAULT 0
) STRICT;

-- runs that have not ended
CREATE TABLE cluster_runs (
  run_id INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
  experiment_id INTEGER NOT NULL REFERENCES cluster_experiments (experiment_id) ON DELETE CASCADE,
  -- number of the run in the cluster folder
  number INTEGER NOT NULL,
  -- attempt whose events are stored, and the bytes of them; 0: none
  attempt INTEGER NOT NULL DEFAULT 0,
  event_bytes INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX runs_of_cluster_experiment ON cluster_runs (experiment_id);
`;
