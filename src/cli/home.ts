import { homedir } from 'node:os';
import { join } from 'node:path';

export { modelPath } from '../operations/paths.js';

/**
 * The folder in which models are kept: `--home`, else `$CREATE_ML_MODEL_HOME`, else the platform's data folder
 * (XDG base directory specification; Application Support on macOS; %LOCALAPPDATA% on Windows).
 */
export function homeFolder(given: string | undefined, environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = given ?? environment.CREATE_ML_MODEL_HOME;
  if (chosen) return chosen;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'create-ml-model');
  const data = process.platform === 'win32' ? environment.LOCALAPPDATA : environment.XDG_DATA_HOME;
  return join(data || join(homedir(), '.local', 'share'), 'create-ml-model');
}

/** Entity ids of the service: 1 to 64 letters, digits, `_`, `.` and `-`. */
export const ENTITY_ID = /^[a-zA-Z0-9_.-]{1,64}$/;

const ID_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** An id such as the service's console gave: `ml-` and 11 random letters and digits. It is no secret. */
export function randomModelId(): string {
  return `ml-${Array.from({ length: 11 }, () => ID_LETTERS[Math.floor(ID_LETTERS.length * Math.random())]).join('')}`;
}
