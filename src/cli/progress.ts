import pc from 'picocolors';
import { formatCount } from '../format-count.js';
import type { OnProgress, Progress } from '../training/progress.js';

export const PROGRESS_MODES = ['auto', 'json', 'none'] as const;
export type ProgressMode = (typeof PROGRESS_MODES)[number];

export interface ProgressDisplay {
  readonly onProgress: OnProgress;
  /** Take the display away before something else is printed. */
  clear(): void;
}

/**
 * Progress on standard error: `json`, one JSON object per line and pass; `auto`, a bar when it is a terminal and nothing
 * otherwise; `none`, nothing.
 */
export function progressDisplay(mode: ProgressMode, stream: NodeJS.WriteStream = process.stderr): ProgressDisplay {
  if (mode === 'json') return { onProgress: (progress) => writeJson(progress, stream), clear: () => {} };
  if (mode === 'none' || !stream.isTTY) return { onProgress: () => {}, clear: () => {} };
  return bar(stream);
}

/** `schema`, `statistics` and `features` lines carry counts only. */
function writeJson(progress: Progress, stream: NodeJS.WriteStream): void {
  stream.write(`${JSON.stringify(summary(progress))}\n`);
}

function summary(progress: Progress): object {
  if (progress.event === 'schema') {
    const { event, origin, modelType, schema } = progress;
    return { event, origin, modelType, attributeCount: schema.attributes.length };
  }
  if (progress.event !== 'statistics') return progress;
  const { event, statistics, rejectedCount } = progress;
  return { event, observationCount: statistics.observationCount, rejectedCount };
}

const BAR_WIDTH = 24;
const REDRAW_MS = 50;
const READING: Record<(Progress & { event: 'read' })['purpose'], string> = {
  count: 'counting',
  statistics: 'reading',
  encode: 'encoding',
  evaluate: 'evaluating',
};

function bar(stream: NodeJS.WriteStream): ProgressDisplay {
  let drawn = 0;
  let passText = '';
  const columns = (): number => stream.columns || 80;
  const draw = (plain: string, always = false, paint: (text: string) => string = String): void => {
    const now = performance.now();
    if (!always && now - drawn < REDRAW_MS) return;
    drawn = now;
    stream.write(`\r\x1b[2K${paint(plain.slice(0, columns() - 1))}`);
  };
  const drawShare = (share: number, always = false): void => {
    const width = Math.min(BAR_WIDTH, Math.max(4, columns() - 50));
    const filled = Math.round(share * width);
    const blocks = '█'.repeat(filled) + '░'.repeat(width - filled);
    const text = `  training   ${blocks} ${String(Math.round(share * 100)).padStart(3)} %  ${passText}`;
    draw(text, always, (cut) => cut.replace(/█+/, (done) => pc.cyan(done)).replace(/░+/, (left) => pc.dim(left)));
  };
  return {
    onProgress(progress) {
      if (progress.event === 'read') {
        draw(`  ${READING[progress.purpose].padEnd(10)} ${formatCount(progress.observationCount)} observations`);
      } else if (progress.event === 'share') {
        drawShare(progress.share);
      } else if (progress.event === 'pass') {
        const left =
          progress.suboptimality === undefined ? '' : `, ${progress.suboptimality.toExponential(0)} from optimum`;
        passText = `pass ${progress.pass} of ${progress.maxPasses}, loss ${progress.loss.toFixed(4)}${left}`;
        drawShare(progress.pass / progress.maxPasses, true);
      }
    },
    clear() {
      if (drawn > 0) stream.write('\r\x1b[2K');
      drawn = 0;
    },
  };
}
