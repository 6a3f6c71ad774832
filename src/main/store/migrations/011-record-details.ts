/** Facts about recordings of any format, as JSON, and codes of findings. */
export const sql = `
ALTER TABLE records ADD COLUMN details TEXT NOT NULL DEFAULT '{}';
ALTER TABLE findings ADD COLUMN code TEXT NOT NULL DEFAULT '';
`;
