/** Writes a line of `--debug`: time, `MainThread`, the part of the program, the text. */
export type DebugLog = (logger: string, text: string) => void;

export const noDebugLog: DebugLog = () => {};

/** To standard error, in the form of the AWS CLI. */
export const debugLog: DebugLog = (logger, text) => {
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString();
  const time = `${local.slice(0, 10)} ${local.slice(11, 19)},${local.slice(20, 23)}`;
  process.stderr.write(`${time} - MainThread - ${logger} - DEBUG - ${text}\n`);
};
