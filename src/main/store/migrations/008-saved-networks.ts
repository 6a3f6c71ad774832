/** Saved networks are called networks: a model is a trained network. */
export const sql = `
ALTER TABLE models RENAME TO networks;
CREATE TABLE removed_with_networks (
  kind TEXT NOT NULL CHECK (kind IN ('datasets', 'preparations', 'runs', 'networks')),
  id INTEGER NOT NULL,
  removed_at TEXT NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
INSERT INTO removed_with_networks
  SELECT CASE kind WHEN 'models' THEN 'networks' ELSE kind END, id, removed_at FROM removed;
DROP TABLE removed;
ALTER TABLE removed_with_networks RENAME TO removed;
`;
