/** Place, patient and identity of each recording; datasets that recordings are added to, in versions. */
export const sql = `
-- how patients are known; null: unknown
ALTER TABLE datasets ADD COLUMN patients_from TEXT;
-- 0: a dataset of an earlier version, whose recordings have not been compared with public databases
ALTER TABLE datasets ADD COLUMN identified INTEGER NOT NULL DEFAULT 0 CHECK (identified IN (0, 1));

-- Each version has all recordings of the one before it. The fingerprint of a dataset is that of its last version.
CREATE TABLE dataset_versions (
  dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
  version INTEGER NOT NULL CHECK (version >= 1),
  fingerprint TEXT NOT NULL CHECK (length(fingerprint) = 64),
  PRIMARY KEY (dataset_id, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX versions_by_fingerprint ON dataset_versions (fingerprint);
INSERT INTO dataset_versions SELECT id, 1, fingerprint FROM datasets;

ALTER TABLE records ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE records ADD COLUMN patient TEXT;
ALTER TABLE records ADD COLUMN known_as TEXT;
ALTER TABLE records ADD COLUMN hashes TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(hashes));
ALTER TABLE records ADD COLUMN annotators TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(annotators));
ALTER TABLE records ADD COLUMN version INTEGER NOT NULL DEFAULT 1 CHECK (version >= 1);

-- The same table with the version of the dataset: a preparation keeps to the recordings that it was made of.
CREATE TABLE preparations_of_versions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE RESTRICT,
  dataset_version INTEGER NOT NULL DEFAULT 1 CHECK (dataset_version >= 1),
  settings TEXT NOT NULL CHECK (json_valid(settings)),
  summary TEXT NOT NULL CHECK (json_valid(summary)),
  -- SHA-256 over the prepared files
  fingerprint TEXT NOT NULL CHECK (length(fingerprint) = 64),
  seconds REAL NOT NULL CHECK (seconds >= 0),
  created_at TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  UNIQUE (dataset_id, dataset_version, settings)
) STRICT;
INSERT INTO preparations_of_versions (id, dataset_id, settings, summary, fingerprint, seconds, created_at, name)
  SELECT id, dataset_id, settings, summary, fingerprint, seconds, created_at, name FROM preparations;
-- Numbers of deleted preparations are not given again.
UPDATE sqlite_sequence SET seq = (SELECT max(seq) FROM sqlite_sequence WHERE name LIKE 'preparations%')
  WHERE name = 'preparations_of_versions';
INSERT INTO sqlite_sequence SELECT 'preparations_of_versions', seq FROM sqlite_sequence WHERE name = 'preparations'
  AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'preparations_of_versions');
DROP TABLE preparations;
ALTER TABLE preparations_of_versions RENAME TO preparations;
`;
