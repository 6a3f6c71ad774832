/** Runs that are ensembles have a reference for each of their networks. */
export const sql = `
CREATE TABLE network_references (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  -- index of the network in an ensemble; 0 of other runs
  member INTEGER NOT NULL CHECK (member >= 0),
  -- in float32
  means BLOB NOT NULL,
  whitening BLOB NOT NULL,
  threshold REAL NOT NULL,
  PRIMARY KEY (run_id, member)
) STRICT, WITHOUT ROWID;
INSERT INTO network_references SELECT run_id, 0, means, whitening, threshold FROM run_references;
DROP TABLE run_references;
ALTER TABLE network_references RENAME TO run_references;
`;
