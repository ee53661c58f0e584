// What the host may call.

export * from './block';
export { factorise, solve } from './cholesky';
export * from './csv';
export * from './csv-leading-zeros';
export * from './curvature';
export * from './encode-dense';
export { encodeSparse } from './encode-sparse';
export * from './gradient-dense';
export { lossSum } from './gradient-link';
export * from './gradient-softmax-dense';
export * from './gradient-softmax-sparse';
export * from './gradient-sparse';
export * from './lines';
export * from './long-vectors';
export * from './merge';
export * from './ngram';
export * from './ngram-records';
export {
  countHalves,
  countRanks,
  countWordRanks,
  fillRuns,
  forgetWords,
  hashRuns,
  keepRuns,
  keepWords,
  placeRuns,
  runHashesOfRank,
  wordHashesOfRank,
} from './ngram-table';
export * from './records';
export * from './score';
export * from './settle-dense';
export * from './settle-groups';
export * from './settle-sparse';
export * from './sgd-average';
export * from './sgd-dense';
export * from './sgd-softmax-dense';
export * from './sgd-softmax-sparse';
export * from './sgd-sparse';
export * from './shuffle';
export * from './statistics-buckets';
export * from './statistics-moments';
export { __heap_base };
