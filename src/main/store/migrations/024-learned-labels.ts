/** Reviews: labels of a network that learned from the reviewed beats are entries of the log. */
export const sql = `
CREATE TABLE review_edits_with_learning (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  set_id INTEGER NOT NULL REFERENCES annotation_sets (id) ON DELETE CASCADE,
  record TEXT NOT NULL,
  kind TEXT NOT NULL
    CHECK (kind IN ('relabel', 'add', 'delete', 'move', 'confirm', 'noise', 'rhythm', 'family', 'learn', 'undo', 'redo')),
  -- edit that is undone or redone
  target INTEGER REFERENCES review_edits_with_learning (id) ON DELETE CASCADE,
  reviewer TEXT NOT NULL CHECK (reviewer <> ''),
  at TEXT NOT NULL,
  -- new symbol or rhythm, split, merge or move of families, or the number of the run that learned; empty: none
  label TEXT NOT NULL,
  -- samples of the marked stretch; null: the edit concerns beats
  from_sample INTEGER,
  to_sample INTEGER,
  -- for each changed label: itself before and after, as [sample, symbol, subtype, flags, probability, text] or null
  changes TEXT NOT NULL CHECK (json_valid(changes)),
  -- for each beat that changes its family: [sample, family before, family after], null: that of its shape
  families TEXT CHECK (json_valid(families)),
  CHECK ((target IS NULL) = (kind NOT IN ('undo', 'redo')))
) STRICT;
INSERT INTO review_edits_with_learning SELECT * FROM review_edits ORDER BY id;
DROP TABLE review_edits;
ALTER TABLE review_edits_with_learning RENAME TO review_edits;
CREATE INDEX review_edits_by_record ON review_edits (set_id, record, id);
CREATE INDEX review_edits_by_target ON review_edits (target) WHERE target IS NOT NULL;
`;
