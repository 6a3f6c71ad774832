/** Saved networks: they have names, and can be removed and restored like everything else. */
export const sql = `
CREATE TABLE models (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- as it is shown and named on the command line
  name TEXT NOT NULL,
  network TEXT NOT NULL CHECK (json_valid(network)),
  created_at TEXT NOT NULL,
  changed_at TEXT NOT NULL
) STRICT;

CREATE TABLE removed_with_models (
  kind TEXT NOT NULL CHECK (kind IN ('datasets', 'preparations', 'runs', 'models')),
  id INTEGER NOT NULL,
  removed_at TEXT NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
INSERT INTO removed_with_models SELECT kind, id, removed_at FROM removed;
DROP TABLE removed;
ALTER TABLE removed_with_models RENAME TO removed;
`;
