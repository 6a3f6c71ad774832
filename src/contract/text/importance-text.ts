/** Text about the importance of a search's settings, the same in the window and the terminal. */

export const IMPORTANCE_NOTE =
  "Importance: share of the validation metric's variance between runs that a setting explains alone (ε² of a one-way analysis of variance). Effects of combinations, seeds and noise are in no share. With few runs, shares vary by chance.";
