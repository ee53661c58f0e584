import type { MessagePort } from 'node:worker_threads';
import { instantiateKernel } from '../kernel/instantiate.js';

/** Groups of rows that are to be settled, as `Kernel.settleGroups` takes them. */
export interface GroupsToSettle {
  readonly state: number;
  readonly address: number;
  readonly groupRows: number;
  readonly groupCount: number;
  readonly places: number;
  readonly work: number;
  /** Groups that are settled before other work of the thread gets its turn. */
  readonly most: number;
}

/** What the thread is started with. */
export interface SettleThreadData {
  /** Of the kernel, for shared memory. */
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly groups: GroupsToSettle;
}

/** Sent once, when all groups are where they belong. */
export type FromSettler = { readonly settled: true };

/** Settles groups of rows, other roles having their turn in between. */
export function play({ module, memory, groups }: SettleThreadData, port: MessagePort): void {
  const { state, address, groupRows, groupCount, places, work, most } = groups;
  const kernel = instantiateKernel(module, memory);
  const settleSome = (): void => {
    const settled = kernel.settleGroups(state, address, groupRows, groupCount, places, work, most);
    if (settled === most) setImmediate(settleSome);
    else port.postMessage({ settled: true } satisfies FromSettler);
  };
  settleSome();
}
