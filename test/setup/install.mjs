/**
 * Installs what the tests run besides Node: the AWS CLI, version 2, and two shells from Debian's packages, and Python packages
 * in `build/python`. Changes nothing when all is there. Ends with exit code 1, and says what to do, when something cannot be
 * installed.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url));
const environment = join(root, 'build', 'python');
/** A copy of the requirements, written when all of them are installed. */
const installed = join(environment, 'requirements.txt');
const PYTHON = '/usr/bin/python3';

/** Debian packages and how to see that they are there. */
const PACKAGES = {
  awscli: hasAwsCli,
  fish: () => onPath('fish'),
  zsh: () => onPath('zsh'),
};

class SetupError extends Error {}

/** Debian's own: tests load it as a Python module. The name `aws` may lead to another version. */
function hasAwsCli() {
  const module = '/usr/lib/python3/dist-packages/awscli/__init__.py';
  if (!existsSync('/usr/bin/aws') || !existsSync(module)) return false;
  const version = /__version__ = '([^']+)'/.exec(readFileSync(module, 'utf8'))?.[1] ?? 'unknown';
  if (version.startsWith('2.')) return true;
  throw new SetupError(
    `/usr/bin/aws is version ${version}, and the tests compare with version 2.\n` +
      'Use a distribution whose package awscli is version 2: Debian 12 or later.',
  );
}

function onPath(program) {
  return (process.env.PATH ?? '').split(':').some((folder) => folder !== '' && isProgram(join(folder, program)));
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function missingPackages() {
  return Object.keys(PACKAGES).filter((name) => !PACKAGES[name]());
}

function hasPythonPackages() {
  const complete = existsSync(installed) && existsSync(join(environment, 'bin', 'python'));
  return complete && readFileSync(installed, 'utf8') === readFileSync(requirements, 'utf8');
}

/** `ensurepip` is in a package of its own. */
function canMakeEnvironments() {
  return spawnSync(PYTHON, ['-c', 'import ensurepip, venv']).status === 0;
}

function installPackages(names) {
  const command = `apt-get install -y ${names.join(' ')}`;
  const byHand = `Install with: ${command} (as root), or your system's packages of the same names.`;
  if (!existsSync('/usr/bin/apt-get')) {
    throw new SetupError(`The tests need ${names.join(', ')}, and this system has no apt-get.\n${byHand}`);
  }
  const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (prefix.length > 0 && (!onPath('sudo') || spawnSync('sudo', ['-n', 'true']).status !== 0)) {
    throw new SetupError(`The tests need ${names.join(', ')}, which only root can install.\n${byHand}`);
  }
  const apt = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q'];
  const update = run([...apt, 'update']);
  if (!run([...apt, 'install', '-y', '--no-install-recommends', ...names])) {
    const cause = update ? '' : ', nor could the list of packages be fetched: is there a network?';
    throw new SetupError(`apt-get could not install ${names.join(', ')}${cause}\n${byHand}`);
  }
  const still = missingPackages();
  if (still.length > 0) throw new SetupError(`${still.join(', ')}: installed, and yet not found on the PATH`);
}

function installPythonPackages() {
  rmSync(environment, { recursive: true, force: true });
  mkdirSync(environment, { recursive: true });
  // `npm pack` takes the rest of the build folder.
  writeFileSync(join(environment, '.npmignore'), '*\n');
  const pip = [join(environment, 'bin', 'python'), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  if (run([PYTHON, '-m', 'venv', environment]) && run([...pip, '-r', requirements])) {
    writeFileSync(installed, readFileSync(requirements));
    return;
  }
  throw new SetupError(
    `The Python packages of ${requirements} could not be installed in ${environment}; see above.\n` +
      'They come from PyPI or the index that pip is configured for: check the network, then run the tests again.',
  );
}

function run([program, ...args]) {
  process.stderr.write(`$ ${[program, ...args].join(' ')}\n`);
  // Test results go to standard output, so nothing else does.
  return spawnSync(program, args, { stdio: ['ignore', process.stderr, process.stderr] }).status === 0;
}

try {
  const wanted = missingPackages();
  const needsPython = !hasPythonPackages();
  if (needsPython && !canMakeEnvironments()) wanted.push('python3-venv');
  if (wanted.length > 0) installPackages(wanted);
  if (needsPython) installPythonPackages();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 1;
}
