// What the host may call.

export * from './csv';
export * from './score';
export * from './sgd-average';
export * from './sgd-dense';
export * from './sgd-softmax-dense';
export * from './sgd-softmax-sparse';
export * from './sgd-sparse';
export { __heap_base };
