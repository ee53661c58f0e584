import { describe, expect, it } from 'vitest';
import type { TextColumn } from '../../src/datasource/block.js';
import { WordCounter } from '../../src/insights/words.js';
import { allRows, schemaOf, TestSource } from '../helpers/blocks.js';

const { attributes } = schemaOf({ t: 'TEXT' });

function count(counter: WordCounter, source: TestSource, texts: readonly string[]): TextColumn {
  const block = source.block(texts.map((t) => ({ t })));
  const column = block.columns.get('t') as unknown as TextColumn;
  counter.add(column, allRows(texts.length), block.dictionaries.get('t')!);
  return column;
}

describe('WordCounter', () => {
  it('folds case and strips punctuation, as the guide’s example has it', () => {
    const counter = new WordCounter();
    const texts = ['The fox jumped over the fence.', 'This movie is intriguing.', '', 'Fascinating movie.'];
    count(counter, new TestSource(attributes), texts);
    const list = counter.list();
    // The guide: 10 unique words.
    expect(list).toHaveLength(10);
    expect(list.slice(0, 2)).toEqual([
      { word: 'movie', count: 2, records: 2 },
      { word: 'the', count: 2, records: 1 },
    ]);
  });

  it('does not count punctuation alone', () => {
    const counter = new WordCounter();
    const column = count(counter, new TestSource(attributes), ['well -- well, WELL!']);
    expect(counter.list()).toEqual([{ word: 'well', count: 3, records: 1 }]);
    expect(Array.from(counter.wordsOf(column, 0), (code) => counter.words.text(code))).toEqual(['well']);
  });

  it('finds the same in 8 parts, also where their dictionaries differ', () => {
    const texts = Array.from({ length: 400 }, (_, i) => `w${i % 17} W${(i * i) % 23}. common`);
    const whole = new WordCounter();
    count(whole, new TestSource(attributes), texts);
    const parts = Array.from({ length: 8 }, (_, p) => {
      const part = new WordCounter();
      count(part, new TestSource(attributes), texts.slice(p * 50, (p + 1) * 50));
      return part;
    });
    for (const other of parts.slice(1)) parts[0].merge(other);
    expect(parts[0].list()).toEqual(whole.list());
    expect(whole.list()[0]).toEqual({ word: 'common', count: 400, records: 400 });
  });
});
