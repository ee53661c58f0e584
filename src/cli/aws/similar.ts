/** Matches worth proposing, and how many. */
const CUT_OFF = 0.8;
const MOST = 3;

/**
 * The choices that resemble a word, the most similar first: at most 3 with a similarity of at least 0.8.
 *
 * Ratcliff and Metzener, Pattern Matching: the Gestalt Approach (1988), as in Python's difflib.get_close_matches
 */
export function similarChoices(word: string, choices: readonly string[]): string[] {
  return choices
    .map((choice) => ({ choice, score: similarity(choice, word) }))
    .filter(({ score }) => score >= CUT_OFF)
    .sort((a, b) => b.score - a.score || (a.choice < b.choice ? 1 : -1))
    .slice(0, MOST)
    .map(({ choice }) => choice);
}

/** Twice the number of characters in common over the number of characters, 0 to 1. */
function similarity(a: string, b: string): number {
  return a.length + b.length === 0 ? 1 : (2 * commonLength(a, b)) / (a.length + b.length);
}

function commonLength(a: string, b: string): number {
  const { start, other, length } = longestCommon(a, b);
  if (length === 0) return 0;
  const before = commonLength(a.slice(0, start), b.slice(0, other));
  return before + length + commonLength(a.slice(start + length), b.slice(other + length));
}

function longestCommon(a: string, b: string): { start: number; other: number; length: number } {
  let best = { start: 0, other: 0, length: 0 };
  let row: number[] = [];
  for (let i = 0; i < a.length; i++) {
    const next: number[] = [];
    for (let j = 0; j < b.length; j++) {
      if (a[i] !== b[j]) continue;
      const length = (row[j - 1] ?? 0) + 1;
      next[j] = length;
      if (length > best.length) best = { start: i - length + 1, other: j - length + 1, length };
    }
    row = next;
  }
  return best;
}
