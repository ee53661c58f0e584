import pc from 'picocolors';
import { type Evaluation, performanceMetrics } from '../evaluation/evaluation.js';
import { loadModel } from '../node.js';
import type { EvaluateFlags } from './evaluate-command.js';
import { detailLines, evaluationLines } from './evaluate-report.js';
import { findModel } from './find-model.js';
import { readRearrangement } from './rearrangement.js';
import { compactJson, line } from './report-lines.js';
import { interruptSignal } from './run.js';

/** `evaluate MODEL FILE`. */
export async function evaluateFile(modelName: string, file: string, flags: EvaluateFlags): Promise<void> {
  const began = performance.now();
  const rearrangement = await readRearrangement(flags.dataRearrangement);
  const path = await findModel(modelName, flags.home);
  const model = await loadModel(path);
  const evaluation = await model.evaluate(file === '-' ? process.stdin : file, {
    rearrangement,
    signal: interruptSignal(),
  });
  const name = file === '-' ? 'standard input' : file;
  if (flags.html !== undefined) {
    const { writeEvaluationPage } = await import('./evaluate-page.js');
    await writeEvaluationPage(flags.html, model, evaluation, name);
  }
  if (flags.output === 'json') {
    const elapsedMs = Math.round(performance.now() - began);
    process.stdout.write(`${compactJson(jsonResult(evaluation, elapsedMs))}\n`);
    return;
  }
  let text = `\n${pc.bold(name)}\n\n${line('model', path)}${evaluationLines(evaluation, '')}\n${detailLines(evaluation)}`;
  if (flags.html !== undefined) text += `\n${line('page', flags.html)}`;
  process.stdout.write(`${text}\n`);
}

function jsonResult(evaluation: Evaluation, elapsedMs: number): object {
  return {
    MLModelType: evaluation.type,
    PerformanceMetrics: { Properties: performanceMetrics(evaluation) },
    LogLoss: evaluation.logLoss,
    Baseline: evaluation.baseline,
    ObservationCount: evaluation.observationCount,
    Alerts: evaluation.alerts,
    Evaluation: evaluation,
    ElapsedMs: elapsedMs,
  };
}
