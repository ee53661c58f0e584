/** Words that white space (JavaScript's \s) separates; not of empty text, and white space surrounds none. */
export function countWords(text: string): number {
  let count = 1;
  let isInSpace = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const isSpace = code < 128 ? code === 32 || (code >= 9 && code <= 13) : SPACE.test(text[i]);
    if (isSpace && !isInSpace) count++;
    isInSpace = isSpace;
  }
  return count;
}

const SPACE = /\s/;
