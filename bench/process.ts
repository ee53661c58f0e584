import { spawn } from 'node:child_process';

/** What a process printed and took. */
export interface ProcessRun {
  readonly stdout: string;
  readonly wallMs: number;
  /** Of the process and its threads; only for Node programs. */
  readonly cpuMs: number;
  readonly peakMegabytes: number;
}

/** Prints peak memory (kB) and CPU time (us) of a process when it ends. */
const METER = `data:text/javascript,import{isMainThread}from'node:worker_threads';if(isMainThread)process.on('exit',()=>{const u=process.resourceUsage();console.error('meter',u.maxRSS,u.userCPUTime+u.systemCPUTime)})`;

/** Run a Node program and measure it. @throws Error with what it printed, when it fails */
export async function runNode(...args: string[]): Promise<ProcessRun> {
  const { stdout, stderr, wallMs } = await run(process.execPath, ['--import', METER, ...args]);
  const [, kilobytes, microseconds] = /meter (\d+) (\d+)/.exec(stderr)!.map(Number);
  return { stdout, wallMs, cpuMs: microseconds / 1000, peakMegabytes: kilobytes / 1000 };
}

/**
 * Run a program. Certificates that the environment has Node read at its start are not: that takes 37 ms, and none is used.
 *
 * @throws Error with what it printed, when it fails
 */
export function run(
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<{ stdout: string; stderr: string; wallMs: number }> {
  const began = performance.now();
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: undefined, ...environment };
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve({ stdout, stderr, wallMs: performance.now() - began });
      else reject(new Error(`${command} ${args.join(' ')}: exit code ${code}\n${stderr}`));
    });
  });
}
