/** Reviews: the log of edits of each reviewed set. */
export const sql = `
-- Rows are only ever added: an undo is a row that names its edit. The labels of a recording in a reviewed set are its
-- columns, which are those of the parent when the review began, with the changes of these rows.
CREATE TABLE review_edits (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  set_id INTEGER NOT NULL REFERENCES annotation_sets (id) ON DELETE CASCADE,
  record TEXT NOT NULL,
  kind TEXT NOT NULL
    CHECK (kind IN ('relabel', 'add', 'delete', 'move', 'confirm', 'noise', 'rhythm', 'undo', 'redo')),
  -- edit that is undone or redone
  target INTEGER REFERENCES review_edits (id) ON DELETE CASCADE,
  reviewer TEXT NOT NULL CHECK (reviewer <> ''),
  at TEXT NOT NULL,
  -- new symbol or rhythm; empty: none
  label TEXT NOT NULL,
  -- samples of the marked stretch; null: the edit concerns beats
  from_sample INTEGER,
  to_sample INTEGER,
  -- for each changed label: itself before and after, as [sample, symbol, subtype, flags, probability, text] or null
  changes TEXT NOT NULL CHECK (json_valid(changes)),
  CHECK ((target IS NULL) = (kind NOT IN ('undo', 'redo')))
) STRICT;
CREATE INDEX review_edits_by_record ON review_edits (set_id, record, id);
CREATE INDEX review_edits_by_target ON review_edits (target) WHERE target IS NOT NULL;
`;
