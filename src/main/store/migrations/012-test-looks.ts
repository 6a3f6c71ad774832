/** Looks at test sets: each evaluation of a run on a test set counts, also after the run has been deleted. */
export const sql = `
-- No foreign keys: a look stays when its run, its preparation and its dataset are deleted.
CREATE TABLE test_looks (
  run_id INTEGER PRIMARY KEY,
  -- hash of the test beats and their classes; of a set with synthetic beats, the fingerprint of its preparation
  test_set TEXT NOT NULL,
  -- dataset and tested recordings: equal where the same recordings are tested with other beats or classes
  recordings TEXT NOT NULL,
  at TEXT NOT NULL,
  network TEXT NOT NULL,
  preparation_id INTEGER NOT NULL,
  preparation TEXT NOT NULL CHECK (json_valid(preparation)),
  training TEXT NOT NULL CHECK (json_valid(training)),
  accuracy REAL NOT NULL,
  macro_f1 REAL NOT NULL
) STRICT;
CREATE INDEX looks_by_test_set ON test_looks (test_set);
CREATE INDEX looks_by_recordings ON test_looks (recordings);
INSERT INTO test_looks
  SELECT runs.id, coalesce(summary ->> '$.testSetHash', fingerprint),
    dataset_id || ' ' || coalesce(summary -> '$.recordsBySet.test', fingerprint), coalesce(finished_at, runs.created_at),
    network, preparation_id, preparations.settings, runs.settings, accuracy, macro_f1
  FROM evaluations JOIN runs ON runs.id = run_id JOIN preparations ON preparations.id = preparation_id
  WHERE beat_set = 'test';
`;
