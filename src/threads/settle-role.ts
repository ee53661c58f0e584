import { instantiateKernel } from '../kernel/instantiate.js';
import type { Kernel } from '../kernel/kernel.js';
import { otherWork } from '../other-work.js';
import type { Port } from './crew.js';

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

/** Dense rows that are settled where they are. */
export interface RunsToSettle {
  readonly runs: readonly { readonly address: number; readonly rowCount: number }[];
  /** Bytes from one row to the next. */
  readonly stride: number;
  /** As `Kernel.settleDense` takes it. */
  readonly work: number;
}

/** Rows that stay in the first-level cache, and those after which other work of the thread gets its turn. */
const ROWS_PER_CALL = 32;
const ROWS_PER_STEP = 1 << 14;

/** What the thread is started with. */
export interface SettleThreadData {
  /** Of the kernel, for shared memory. */
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
}

/** What it is told; a job comes when the one before it is done. */
export type ToSettler = GroupsToSettle | RunsToSettle;

/** Sent when the rows of a job are settled. */
export type FromSettler = { readonly settled: true };

/** Settles rows, other roles having their turn in between. */
export function play({ module, memory }: SettleThreadData, port: Port): void {
  const kernel = instantiateKernel(module, memory);
  port.hear(async (job: ToSettler) => {
    for (const _ of 'runs' in job ? settlingRuns(kernel, job) : settlingGroups(kernel, job)) await otherWork();
    port.answer({ settled: true } satisfies FromSettler);
  });
}

/** A step is `most` groups. */
export function* settlingGroups(kernel: Kernel, groups: GroupsToSettle): Generator<void> {
  const { state, address, groupRows, groupCount, places, work, most } = groups;
  while (kernel.settleGroups(state, address, groupRows, groupCount, places, work, most) === most) yield;
}

/** A step is some thousand rows. */
export function* settlingRuns(kernel: Kernel, { runs, stride, work }: RunsToSettle): Generator<void> {
  for (const { address, rowCount } of runs) {
    for (let row = 0; row < rowCount; ) {
      const end = Math.min(rowCount, row + ROWS_PER_STEP);
      for (; row < end; row += ROWS_PER_CALL) {
        kernel.settleDense(address + row * stride, Math.min(ROWS_PER_CALL, end - row), work);
      }
      row = end;
      yield;
    }
  }
}
