/** Names of preparations and runs; an empty name means that the number alone identifies them. */
export const sql = `
ALTER TABLE preparations ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE run_remarks ADD COLUMN name TEXT NOT NULL DEFAULT '';
`;
