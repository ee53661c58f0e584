/** Doubles in [0, 1) from a seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Streams that differ in distribution and order. */
export const STREAMS: Readonly<Record<string, (length: number, seed: number) => Float64Array>> = {
  uniform: (length, seed) => Float64Array.from({ length }, randomNumbers(seed)),
  ascending: (length) => Float64Array.from({ length }, (_, i) => i),
  descending: (length) => Float64Array.from({ length }, (_, i) => -i),
  sawtooth: (length) => Float64Array.from({ length }, (_, i) => (i * 7919) % 10_007),
  'zigzag from both ends': (length) => Float64Array.from({ length }, (_, i) => (i % 2 === 0 ? i : -i)),
  'log-normal': (length, seed) => {
    const random = randomNumbers(seed);
    return Float64Array.from({ length }, () => Math.exp(3 * normal(random)));
  },
  'heavy ties': (length, seed) => {
    const random = randomNumbers(seed);
    return Float64Array.from({ length }, () => (random() < 0.7 ? 0 : Math.floor(10 * random() ** 3)));
  },
  'zeros and one tight cluster': (length, seed) => {
    const random = randomNumbers(seed);
    return Float64Array.from({ length }, () => (random() < 0.5 ? 0 : 1.6e9 + random()));
  },
  constant: (length) => new Float64Array(length).fill(42.5),
};
