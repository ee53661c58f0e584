import { writeWhole } from '../datasource/files.js';
import type { DataDescription } from '../describe-data.js';
import { describeData } from '../node.js';
import { reading } from '../training/progress.js';
import type { DescribeDataFlags } from './describe-data-command.js';
import { reportInsights } from './describe-data-report.js';
import { progressDisplay } from './progress.js';
import { readRearrangement } from './rearrangement.js';
import { interruptSignal } from './run.js';

/** `describe-data FILE`: read the data once, report what it holds. */
export async function describeDataFile(file: string, flags: DescribeDataFlags): Promise<void> {
  const began = performance.now();
  const rearrangement = await readRearrangement(flags.dataRearrangement);
  const display = progressDisplay(flags.progress);
  const signal = interruptSignal();
  const description = await describeData({
    data: file === '-' ? process.stdin : file,
    target: flags.target,
    schema: flags.schema,
    rearrangement,
    ...reading('statistics', { signal, onProgress: display.onProgress }),
  }).finally(display.clear);
  if (flags.html !== undefined) {
    const { insightsPage } = await import('../insights/page.js');
    await writeWhole(flags.html, [await insightsPage(description)]);
  }
  const elapsedMs = Math.round(performance.now() - began);
  if (flags.output === 'json') {
    process.stdout.write(`${JSON.stringify(jsonInsights(description, flags.html, elapsedMs), null, 4)}\n`);
  } else {
    process.stdout.write(reportInsights(description, { html: flags.html, elapsedMs }));
  }
}

function jsonInsights(description: DataDescription, html: string | undefined, elapsedMs: number): object {
  const { name, sizeInBytes, schemaOrigin, rejectedCount, rejectedExamples, insights } = description;
  return {
    Name: name,
    SizeInBytes: sizeInBytes ?? null,
    SchemaOrigin: schemaOrigin,
    ObservationCount: insights.observationCount,
    RejectedCount: rejectedCount,
    RejectedExamples: rejectedExamples,
    Target: insights.target ? capitalized(insights.target) : null,
    Sample: capitalized(insights.sample),
    Attributes: insights.attributes.map(capitalized),
    Warnings: insights.warnings,
    HtmlPath: html ?? null,
    ElapsedMs: elapsedMs,
  };
}

/** Member names as the command's JSON spells them; keys that are data, such as percentiles, do not begin with a letter. */
function capitalized(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(capitalized);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key[0].toUpperCase() + key.slice(1), capitalized(member)]),
  );
}
