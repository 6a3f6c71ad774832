/** Removed annotation sets can be restored like everything else. */
export const sql = `
CREATE TABLE removed_with_sets (
  kind TEXT NOT NULL CHECK (kind IN ('datasets', 'preparations', 'runs', 'networks', 'annotationSets')),
  id INTEGER NOT NULL,
  removed_at TEXT NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
INSERT INTO removed_with_sets SELECT kind, id, removed_at FROM removed;
DROP TABLE removed;
ALTER TABLE removed_with_sets RENAME TO removed;
`;
