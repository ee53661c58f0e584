import type { OutputFeatures } from './dictionary.js';
import type { Learned, Learner } from './learner.js';
import { Numbers } from './numbering.js';
import { PairTable } from './pair-table.js';
import { mixHash } from './text-hash.js';
import { NodeIndex } from './word-list.js';

/**
 * The combinations that a cross knows, item by item. Level 0 are the items of the first part; a node of level l is a node
 * of level l - 1 with an item of part l; nodes of the last level are features. Each part numbers its items from 1.
 */
export interface CrossTree {
  /** For each level from 1: (node of the level before, item of the part) → node. */
  readonly levels: readonly PairTable[];
  /**
   * Learn a combination that is not in the table of a level.
   *
   * @returns its node; 0 where nothing is learned
   */
  learn(level: number, node: number, item: number): number;
}

/** The combinations of a model. */
export class FixedCrossTree implements CrossTree {
  readonly levels: readonly PairTable[];

  /** Items count from 1 here. */
  constructor({ items }: Extract<OutputFeatures, { kind: 'cross' }>, firstFeature: number) {
    this.levels = items.slice(1).map(() => new PairTable());
    const last = this.levels.length - 1;
    const nodeCounts = this.levels.map(() => 0);
    for (let i = 0; i < items[0].length; i++) {
      let node = items[0][i] + 1;
      for (const [level, table] of this.levels.entries()) {
        const item = items[level + 1][i] + 1;
        let next = table.get(node, item);
        if (next === 0) {
          next = level === last ? firstFeature + i : ++nodeCounts[level];
          table.add(node, item, next);
        }
        node = next;
      }
    }
  }

  learn(): number {
    return 0;
  }
}

/** A part of a cross, as far as it is learned. */
export interface LearningPart {
  readonly learner: Learner;
  /** What numbers its items. */
  readonly numbers: Numbers;
}

/** Gives every combination it is shown a feature. */
export class LearningCrossTree implements CrossTree, Learner {
  readonly levels: readonly PairTable[];
  private readonly numbers: readonly Numbers[];

  constructor(
    private readonly parts: readonly LearningPart[],
    features: Numbers,
    private readonly prefix: string,
  ) {
    this.levels = parts.slice(1).map(() => new PairTable());
    this.numbers = this.levels.map((_, level) => (level === this.levels.length - 1 ? features : new Numbers()));
  }

  learn(level: number, node: number, item: number): number {
    const next = this.numbers[level].allocate();
    this.levels[level].add(node, item, next);
    return next;
  }

  learned(): Learned {
    const { levels } = this;
    const last = levels.length - 1;
    const parts = this.parts.map(({ learner, numbers }) => {
      const learned = learner.learned();
      return { learned, index: new NodeIndex().of(learned.features, numbers.size) };
    });
    const nodeIndex = levels.map((pairs, level) =>
      level === last ? new Uint32Array(0) : new NodeIndex().of(pairs.nodes(), this.numbers[level].size),
    );
    const partHash = (part: number, item: number): number => parts[part].learned.hash(parts[part].index[item]);
    const hash = (i: number, level = last): number => {
      const first = levels[level].first(i);
      const before = level === 0 ? partHash(0, first) : hash(nodeIndex[level - 1][first], level - 1);
      return mixHash(before, partHash(level + 1, levels[level].second(i)));
    };
    const describe = (order: Uint32Array): OutputFeatures => {
      const columns = this.itemsOf(order, nodeIndex);
      const used = columns.map((items) => [...new Set(items)]);
      return {
        kind: 'cross',
        prefix: this.prefix,
        parts: parts.map(({ learned, index }, part) =>
          learned.describe(Uint32Array.from(used[part], (item) => index[item])),
        ),
        items: columns.map((items, part) => {
          const places = new Map(used[part].map((item, place) => [item, place]));
          return items.map((item) => places.get(item) as number);
        }),
      };
    };
    const features = levels[last].nodes();
    return { features, kind: 'items', hash: (i) => hash(i), describe };
  }

  /** For each part its item in each combination. */
  private itemsOf(order: ArrayLike<number>, nodeIndex: readonly Uint32Array[]): number[][] {
    const columns = this.parts.map((): number[] => []);
    for (let place = 0; place < order.length; place++) {
      let i = order[place];
      for (let level = this.levels.length - 1; level >= 0; level--) {
        const pairs = this.levels[level];
        columns[level + 1].push(pairs.second(i));
        if (level === 0) columns[0].push(pairs.first(i));
        else i = nodeIndex[level - 1][pairs.first(i)];
      }
    }
    return columns;
  }

  forget(kept: Uint8Array): void {
    let keptNodes = kept;
    for (let level = this.levels.length - 1; level >= 0; level--) {
      const pairs = this.levels[level];
      pairs.keep(keptNodes);
      const before = level === 0 ? this.parts[0].numbers : this.numbers[level - 1];
      const keptBefore = new Uint8Array(before.size);
      const keptItems = new Uint8Array(this.parts[level + 1].numbers.size);
      for (let i = 0; i < pairs.count; i++) {
        keptBefore[pairs.first(i)] = 1;
        keptItems[pairs.second(i)] = 1;
      }
      this.parts[level + 1].learner.forget(keptItems);
      keptNodes = keptBefore;
    }
    this.parts[0].learner.forget(keptNodes);
  }
}
