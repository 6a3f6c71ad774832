/** Machines that trained runs for this workspace. */
export const sql = `
CREATE TABLE run_machines (
  run_id INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
  -- name of the executor
  executor TEXT NOT NULL,
  -- machine of the latest attempt, its job of the executor (empty: none), and its number
  host TEXT NOT NULL,
  job TEXT NOT NULL,
  attempt INTEGER NOT NULL
) STRICT;
`;
