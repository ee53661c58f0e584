import type { Message } from '../../operations/service.js';
import type { OperationName } from '../../operations/shapes.js';
import {
  type FormatOptions,
  formatResponse,
  OUTPUT_FORMATS,
  type OutputFormat,
  openPageFormatter,
} from '../output/format.js';
import type { Configuration } from './configuration.js';
import { generalFailure } from './failure.js';
import type { Globals } from './globals.js';
import type { Page } from './pages.js';

/** Standard output, in the format that the options, the environment or the configuration name. */
export interface Display {
  showResponse(operation: OperationName, response: Message): Promise<void>;
  showPages(operation: OperationName, pages: AsyncIterable<Page>): Promise<void>;
  /** A sample of a response. */
  showSkeleton(operation: OperationName): Promise<void>;
  /** Through the pager on a terminal. */
  show(text: string): Promise<void>;
}

export function openDisplay(globals: Globals, configuration: Configuration): Display {
  const pager = globals.pager ? configuration.pager : '';
  const show = (text: string): Promise<void> => showText(text, pager);
  return {
    show,
    showResponse: (operation, response) =>
      show(formatResponse(operation, response, formatOptions(globals, configuration))),
    showPages: async (operation, pages) => {
      const formatter = openPageFormatter(operation, formatOptions(globals, configuration));
      const paged = process.stdout.isTTY && pager !== '';
      let text = '';
      let resumeToken: string | undefined;
      for await (const page of pages) {
        const part = formatter.page(page.response);
        if (paged) text += part;
        else await showText(part, '');
        resumeToken = page.resumeToken;
      }
      await show(text + formatter.end(resumeToken));
    },
    showSkeleton: async (operation) => {
      const { printSkeleton } = await import('../output/skeleton.js');
      await show(printSkeleton(operation, 'output', formatOptions(globals, configuration)));
    },
  };
}

function formatOptions({ output, query, color }: Globals, configuration: Configuration): FormatOptions {
  const format = output ?? (configuration.variable('AWS_DEFAULT_OUTPUT') || configuration.setting('output') || 'json');
  if (!OUTPUT_FORMATS.includes(format as OutputFormat)) throw generalFailure(`Unknown output type: ${format}`);
  return {
    output: format as OutputFormat,
    query,
    color: color === 'on' || (color === 'auto' && process.stdout.isTTY === true && !process.env.NO_COLOR),
    timestampFormat: configuration.timestampFormat,
    width: process.stdout.columns,
  };
}

async function showText(text: string, pager: string): Promise<void> {
  if (text === '') return;
  if (process.stdout.isTTY && pager !== '') {
    const { showInPager } = await import('../output/pager.js');
    await showInPager(text, pager);
    return;
  }
  await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));
}
