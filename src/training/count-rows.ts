import {
  BIAS_FEATURE,
  DENSE_HEADER_WORDS,
  headWords,
  PADDING_FEATURE,
  type RowLayout,
  SPARSE_HEADER_WORDS,
} from '../features/rows.js';
import type { Sample } from './sampled-rows.js';

/** Sampled rows that contain each feature; all contain the bias, none the padding. */
export function countRows({ words, starts }: Sample, layout: RowLayout, featureCount: number): Float64Array {
  const counts = new Float64Array(featureCount);
  // The bits of 0 and -0 are 0 but for the sign.
  const has = (word: number): number => Number(words[word] << 1 !== 0);
  for (const start of starts) {
    if (layout.form === 'dense') {
      const x = start + DENSE_HEADER_WORDS;
      for (let feature = 0; feature < featureCount; feature++) counts[feature] += has(x + feature);
      continue;
    }
    const { head } = layout;
    const x = start + SPARSE_HEADER_WORDS;
    for (let i = 0; i < head.length; i++) counts[head[i]] += has(x + i);
    const first = x + headWords(layout);
    const end = first + 4 * words[start + 1];
    for (let index = first; index < end; index++) counts[words[index]]++;
  }
  counts[PADDING_FEATURE] = 0;
  counts[BIAS_FEATURE] = starts.length;
  return counts;
}
