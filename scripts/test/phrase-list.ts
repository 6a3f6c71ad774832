/**
 * Phrases that neither machine learning nor cardiology uses, each with its replacement. docs/style.md says why, docs/glossary.md
 * defines the replacements. A phrase that is ordinary English in another sense needs a pattern that leaves the other sense alone.
 */

export interface Phrase {
  /** Text: whole words, in any case, also across a line break of a comment. Pattern: global search, exactly as it is written. */
  find: string | RegExp;
  say: string;
  /** Prefixes of paths; absent: everywhere. */
  only?: readonly string[];
}

/** Phrases of running text and of names. */
const texts: readonly Phrase[] = [
  { find: "anew", say: "again" },
  { find: "whoever", say: "name the person or the caller" },
  { find: "one's own", say: "custom, or your" },
  { find: /\bof (?:its|their|our|your|his) own\b/gi, say: "separate, own X, or custom" },
  { find: /\bas (?!(?:it|they) )[\w.]+ (?:has|have) it\b/gi, say: "as in X, or X's format" },
  { find: "in words", say: "as text" },
  { find: /\b(?:take|takes|taken|taking|took) up\b/gi, say: "resume, use, or read" },
  {
    find: /\b(?:take|takes|taken|taking|took) (?:them |it )?in\b(?! (?:which|total|order|turn|one|a|an)\b)/gi,
    say: "import",
  },
  { find: /\btake (?:it|them) up\b/gi, say: "resume" },
  { find: /\b(?:is|are|was|were|be|been|being) told\b(?! apart\b)/gi, say: "receives, or is notified" },
  { find: /\btold apart\b/gi, say: "distinguished" },
  { find: "as it comes", say: "as it arrives, or in default order" },
  { find: "as they come", say: "as they arrive, or in default order" },
  { find: "what is there", say: "name the noun" },
  { find: /\b(?:is|are|was|were) not there\b/gi, say: "does not exist, or is missing" },
  { find: "goes on where", say: "continues from, or resumes at" },
  { find: /\b(?:goes|go|going|went|gone) on\b/gi, say: "continues" },
  { find: "held against", say: "compared with, or checked against" },
  { find: /\bso many\b(?! that\b)/gi, say: "name the number" },
  { find: /\bsets? (?:\w+ )?apart\b/gi, say: "distinguishes, or reserves" },
  { find: "wanted", say: "requested, expected, or needed" },
  { find: /\bstands?\b(?! (?:for|in for|by|out|still|alone)\b)(?!-)/gi, say: "is, lies, or remains" },
  { find: /\bstanding in the way\b/gi, say: "blocking" },
  { find: "lays", say: "arranges, or writes" },
  { find: /\bruns? away\b|\bran away\b/gi, say: "diverges" },
  { find: "of before", say: "from earlier versions, or previous" },
  { find: "those before", say: "the previous X" },
  { find: "written down", say: "recorded, or stored" },
  { find: "ways in", say: "import sources, or Add recordings" },
  { find: "cared for", say: "supported, or maintained" },
  { find: "the house", say: "the structure" },
  { find: /\ba figure to\b|\bevery figure it gives\b|\bown figures\b/gi, say: "metric" },
];

/** Names of one thing that the glossary gives another name. */
const terms: readonly Phrase[] = [
  { find: /\bprepared ?sets?\b/gi, say: "preparation" },
  { find: "prepared-set", say: "preparation" },
  { find: "prepared beats", say: "preparation" },
  { find: /\blabel(?: |-|)maps?\b/gi, say: "class map" },
  { find: "right answers", say: "accuracy, or correct predictions" },
  { find: /\bpositive predictivity\b/gi, say: "PPV" },
  { find: "global average of the sequence", say: "global average pooling" },
  { find: "beats in the loss", say: "class weights" },
  { find: "steps an epoch", say: "steps per epoch" },
  { find: "dots an inch", say: "dpi" },
  { find: "more than chance", say: "statistically significant" },
  { find: "loss is no number", say: "loss is NaN" },
];

/** Labels on screens: matched only as a whole string, or as the whole text of an element. */
const labels: Readonly<Record<string, string>> = {
  "Taken in": "Imported",
  "To be cited": "Citation",
  Cite: "Citation",
  "Measure its speed": "Run benchmark",
  "Measured speed": "Benchmark",
  "Training: native TensorFlow": "Backend: TensorFlow (CPU)",
  "Folder above": "Parent folder",
  Problems: "Quality issues",
  "Found while taking them in": "Import warnings",
  "Any beat": "All beats",
  Denoised: "Filtered",
  Closer: "Zoom in",
  "Further away": "Zoom out",
  Earlier: "Scroll left",
  Later: "Scroll right",
  "Another class of beats": "Next beat type",
  "The study's settings": "Preset: reference study",
  "Protocol: who is tested on": "Evaluation protocol",
  "Split first": "Intra-patient split",
  "The study's, one for each symbol": "MIT-BIH annotation codes",
  "Your own": "Custom class map",
  "Largest class, at most": "Majority-class cap",
  "SMOTE's neighbours": "SMOTE k",
  "Validation part": "Validation split",
  "Test part": "Test split",
  "One beat, before and after": "Preview: raw vs. filtered beat",
  "Beats of each class": "Class distribution",
  "What figures on it can show": "Limitations",
  "Who stands where": "Record assignment",
  Gives: "Output shape",
  "The beat": "Input",
  "Global average": "Global average pooling",
  "Both directions": "Bidirectional",
  "Another layer": "Add layer",
  "Drop changes": "Discard changes",
  "Epochs, at most": "Max. epochs",
  "All alike": "none",
  "The rate goes on": "Learning-rate schedule",
  "Down on a plateau": "Reduce on plateau",
  "Each entry": "Clip by value",
  "Each weight's length": "Clip by norm",
  "The length of all": "Clip by global norm",
  "A synthetic beat counts": "Synthetic sample weight",
  "Steps an epoch": "Steps per epoch",
  "Parts of a batch": "Micro-batches",
  "As measured": "auto",
  "Folds by patient": "Patient-wise k-fold cross-validation",
  Draws: "Trials",
  "Seed of the draws": "Search seed",
  "Winner by": "Optimise metric",
  "Vary another setting": "Add parameter",
  "How far": "Progress",
  "Nothing waits.": "Queue empty",
  "Take out": "Remove from queue",
  "Beginning…": "Starting…",
  "Begun.": "Started",
  "Stop and keep the best": "Stop (keep best checkpoint)",
  "Go on": "Keep training",
  "Stop it": "Stop training",
  "Take up": "Resume",
  "Take up again": "Resume",
  "Right answers (%)": "Accuracy (%)",
  "What happened": "Log",
  "See its result": "View results",
  "true ↓ read as →": "True class / Predicted class",
  "A cell leads to its beats.": "Click a cell to list its beats.",
  "% of the true class": "Normalised by row",
  "Positive predictivity": "PPV",
  "Figures of each class": "Per-class metrics",
  "Mean of the classes": "Macro average",
  "Trained for": "Training time",
  "How it was trained": "Training curves",
  "No step of it is kept.": "No curves recorded",
  "Train again with these settings": "Clone run",
  "Test a model from a file…": "Evaluate external model…",
  "Over one another": "Overlay",
  "Of true class": "P(true class)",
  "Choose all that are found": "Select all",
  "As it comes": "Reset columns",
  "Queued at": "Created",
  "More than chance?": "Statistical comparison (McNemar)",
  "Right alone": "Only this run correct",
  "Baseline right alone": "Only baseline correct",
  "What each reached": "Metrics",
  "What differs": "Differences",
  "ROC, mean of classes": "Macro AUROC",
  "ROC, all beats and classes": "Micro AUROC",
  "Precision, mean of classes": "Macro average precision",
  "Beside the baseline": "Compare with",
  "A line a run, through its settings that differ": "Parallel coordinates",
  "Ahead on validation": "Best run (validation)",
  "What sets it apart": "Parameters",
  "What is asked": "Design",
  "So far": "Best so far",
  "Runs ended": "Finished",
  Together: "Aggregate (mean ± SD)",
  "It is not said where to.": "Choose a destination folder.",
  "It gets a folder of its own in it.": "A sub-folder is created.",
  "A page for any browser": "HTML",
  "As the system": "System",
  "Where everything is kept": "Workspace location",
  "Threads inside one operation": "intra-op threads",
  "Skip to the content": "Skip to main content",
};

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

const labelPhrases: readonly Phrase[] = Object.entries(labels).map(([text, say]) => ({
  find: new RegExp(`(?<=["'\`“]|>\\s*)${escaped(text)}(?=["'\`”]|\\s*<)`, "g"),
  say,
  only: ["src/"],
}));

/** Labels that are ordinary words on other screens. */
const viewerLabels: readonly Phrase[] = [
  { find: /(?<=label="|>\s*)Speed(?="|\s*<)/g, say: "Paper speed", only: ["src/renderer/pages/recordings/"] },
];

export const phrases: readonly Phrase[] = [...texts, ...terms, ...labelPhrases, ...viewerLabels];

/** Paths where a phrase is quoted, stored, or part of a definition. */
export const exempt: readonly string[] = [
  "scripts/test/phrase-list.ts",
  "scripts/test/phrases.test.ts",
  "CHANGELOG.md",
  "docs/glossary.md",
  "docs/adr/0012-stored-names-are-renamed.md",
  "src/main/store/manifest.test.ts",
  "src/main/store/migrations/",
  "src/main/store/stored-names.ts",
  "tests/golden/",
];

/** Paths that still contain phrases of the list. A path leaves this list when it is clean, and none is added. */
export const notYet: readonly string[] = [
  "tests/cases",
  "tests/integration",
  "tests/interop",
  "tests/native",
  "tests/support",
];
