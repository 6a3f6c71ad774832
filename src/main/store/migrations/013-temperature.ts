/** Temperature of a run: divides its logits so that probabilities are calibrated. */
export const sql = `
-- fitted on the validation set; null: runs of earlier versions
ALTER TABLE runs ADD COLUMN temperature REAL;
`;
