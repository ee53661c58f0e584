const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Most characters of an offending text that a message shows. */
const EXCERPT_CHARACTERS = 80;
/** UTF-8 bytes that surely hold so many. */
const EXCERPT_BYTES = 4 * EXCERPT_CHARACTERS + 4;
const SHORT = 24;

/** Decode UTF-8 that is known to be valid; a byte order mark is text. */
export function decodeText(bytes: Uint8Array, start: number, end: number): string {
  // Decoding a few bytes costs less than calling the decoder.
  if (end - start <= SHORT) {
    let i = start;
    while (i < end && bytes[i] < 0x80) i++;
    if (i === end) return decodeAscii(bytes, start, end);
  }
  return decoder.decode(bytes.subarray(start, end));
}

/**
 * Decode texts that follow one another, as `decodeText` does.
 *
 * @param starts where each begins, from `base` on; one more for the end
 * @param texts added to
 */
export function decodeTexts(bytes: Uint8Array, base: number, starts: Uint32Array, texts: string[]): void {
  const first = starts[0];
  const past = starts[starts.length - 1];
  const all = decoder.decode(bytes.subarray(base + first, base + past));
  // As many characters as bytes: each is ASCII, and begins where its byte does.
  const isAscii = all.length === past - first;
  for (let i = 0; i + 1 < starts.length; i++) {
    texts.push(
      isAscii
        ? all.slice(starts[i] - first, starts[i + 1] - first)
        : decodeText(bytes, base + starts[i], base + starts[i + 1]),
    );
  }
}

/** Several characters at a time, because every addition to a string makes another. */
function decodeAscii(bytes: Uint8Array, start: number, end: number): string {
  const { fromCharCode } = String;
  let text = '';
  let i = start;
  for (; i + 8 <= end; i += 8) {
    text += fromCharCode(
      bytes[i],
      bytes[i + 1],
      bytes[i + 2],
      bytes[i + 3],
      bytes[i + 4],
      bytes[i + 5],
      bytes[i + 6],
      bytes[i + 7],
    );
  }
  for (; i + 2 <= end; i += 2) text += fromCharCode(bytes[i], bytes[i + 1]);
  return i < end ? text + fromCharCode(bytes[i]) : text;
}

/** The beginning of [start, end) for a message: at most 80 characters, the last one an ellipsis if there is more. */
export function excerpt(bytes: Uint8Array, start: number, end: number, quoted = false): string {
  const text = decodeText(bytes, start, Math.min(end, start + 2 * EXCERPT_BYTES));
  const characters = [...(quoted ? undouble(text) : text)];
  const cut = characters.length > EXCERPT_CHARACTERS;
  return cut ? `${characters.slice(0, EXCERPT_CHARACTERS - 1).join('')}…` : characters.join('');
}

/** Undo the escape of RFC 4180: two double quotes stand for one. */
export function undouble(text: string): string {
  return text.replaceAll('""', '"');
}
