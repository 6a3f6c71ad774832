/** Texts of stored annotations, such as rhythms, and counts by symbol, so that lists read no annotations. */
export const sql = `
-- Auxiliary texts, by the index of their annotation.
ALTER TABLE annotation_columns ADD COLUMN texts TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(texts));
-- Annotations by symbol; null: stored by an earlier version.
ALTER TABLE annotation_columns ADD COLUMN symbols TEXT CHECK (json_valid(symbols));
`;
