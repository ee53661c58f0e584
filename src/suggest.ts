/**
 * The candidate nearest to a misspelt word, for "did you mean …?" hints.
 *
 * Optimal string alignment distance (insertions, deletions, substitutions and swaps of neighbours cost 1 each; a change of
 * letter case alone costs nothing). A candidate is near when its distance is at most a third of the longer word's length,
 * and at least 1 is always allowed for words of 3 characters or more. The first of equally near candidates wins.
 *
 * @returns the candidate as spelt, or undefined when none is near
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  const sought = [...word.toLowerCase()];
  let nearest: string | undefined;
  let nearestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    if (candidate === word) return candidate;
    const letters = [...candidate.toLowerCase()];
    const longest = Math.max(sought.length, letters.length);
    const allowed = longest < 3 ? 0 : Math.max(1, Math.floor(longest / 3));
    if (Math.abs(sought.length - letters.length) > allowed) continue;
    const distance = alignmentDistance(sought, letters);
    if (distance <= allowed && distance < nearestDistance) {
      nearest = candidate;
      nearestDistance = distance;
    }
  }
  return nearest;
}

/** Optimal string alignment distance, three rows of the dynamic program at a time. */
function alignmentDistance(a: readonly string[], b: readonly string[]): number {
  let beforeLast = new Uint32Array(b.length + 1);
  let last = Uint32Array.from({ length: b.length + 1 }, (_, j) => j);
  let current = new Uint32Array(b.length + 1);
  for (let i = 1; i <= a.length; i++) {
    current[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const substitution = last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(substitution, last[j] + 1, current[j - 1] + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, beforeLast[j - 2] + 1);
      current[j] = cost;
    }
    [beforeLast, last, current] = [last, current, beforeLast];
  }
  return last[b.length];
}
