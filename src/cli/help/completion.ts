import { type CompletionCommand, type CompletionOption, completionCommands } from './completion-model.js';
import type { Shell } from './shells.js';

/**
 * A script that completes commands, options and values of `machinelearning` and `create-ml-model`. Where nothing is known, files
 * are completed.
 */
export function completion(shell: Shell): string {
  const commands = completionCommands();
  if (shell === 'bash') return bashScript(commands);
  return shell === 'zsh' ? zshScript(commands) : fishScript(commands);
}

function bashScript(commands: readonly CompletionCommand[]): string {
  return `# Completion of machinelearning and create-ml-model for bash.
_create_ml_model() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous= path=\${COMP_WORDS[0]##*/} index=1 names= values=
  if [[ $word == '=' ]]; then word=; fi
  while ((index < COMP_CWORD)); do
    previous=\${COMP_WORDS[index]}
    case $previous in
      ${valueOptions(commands).join('|')})
        if [[ \${COMP_WORDS[index+1]} == '=' ]]; then index=$((index + 1)); fi
        if ((index + 1 < COMP_CWORD)); then index=$((index + 1)) previous=; fi
        ;;
      -*) ;;
      *)
        case "$path $previous" in
          ${commandPaths(commands)}) path="$path $previous" ;;
        esac
        ;;
    esac
    index=$((index + 1))
  done
  case $previous in
    ${valueOptions(commands).join('|')})
      case "$path $previous" in
${valueCases(commands, (patterns, values) => `        ${patterns.join('|')}) values='${values.join(' ')}' ;;`)}
      esac
      COMPREPLY=($(compgen -W "$values" -- "$word"))
      return
      ;;
  esac
  case $path in
${commands.map((command) => `    '${command.path}') names='${bashNames(command)}' ;;`).join('\n')}
  esac
  COMPREPLY=()
  for values in $names; do
    if [[ $word == -* || $values != -* ]] && [[ $values == "$word"* ]]; then COMPREPLY+=("$values"); fi
  done
}
complete -o default -o bashdefault -F _create_ml_model machinelearning create-ml-model
`;
}

function bashNames({ commands, words, options }: CompletionCommand): string {
  return [...commands.map(({ name }) => name), ...words, ...options.map(({ name }) => name)].join(' ');
}

/** Options that a value follows, in any command. */
function valueOptions(commands: readonly CompletionCommand[]): string[] {
  const options = commands.flatMap((command) => command.options.filter(({ takesValue }) => takesValue));
  return [...new Set(options.map(({ name }) => name))].sort();
}

function commandPaths(commands: readonly CompletionCommand[]): string {
  return commands.map(({ path }) => `'${path}'`).join('|');
}

/** Patterns of a command and an option, for the values of the option; one case for each list of values. */
function valueCases(
  commands: readonly CompletionCommand[],
  write: (patterns: readonly string[], values: readonly string[]) => string,
): string {
  const cases = new Map<string, string[]>();
  for (const { path, options } of commands) {
    for (const { name, values } of options) {
      if (!values) continue;
      const key = values.join(' ');
      cases.set(key, [...(cases.get(key) ?? []), `'${path} ${name}'`]);
    }
  }
  return [...cases].map(([values, patterns]) => write(patterns, values.split(' '))).join('\n');
}

function zshScript(commands: readonly CompletionCommand[]): string {
  return `#compdef machinelearning create-ml-model
# Completion of machinelearning and create-ml-model for zsh.
_create_ml_model() {
  local current_path=\${words[1]:t} previous= word=\${words[CURRENT]} index=2 files=1
  local -a names options values
  while ((index < CURRENT)); do
    previous=\${words[index]}
    case $previous in
      (${valueOptions(commands).join('|')})
        if ((index + 1 < CURRENT)); then
          ((index++))
          previous=
        fi
        ;;
      (-*) ;;
      (*)
        case "$current_path $previous" in
          (${commandPaths(commands)}) current_path="$current_path $previous" ;;
        esac
        ;;
    esac
    ((index++))
  done
  if [[ $word == --*=* ]]; then
    previous=\${word%%=*}
    compset -P '*='
  fi
  case $previous in
    (${valueOptions(commands).join('|')})
      case "$current_path $previous" in
${valueCases(commands, (patterns, values) => `        (${patterns.join('|')}) values=(${values.join(' ')}) ;;`)}
      esac
      if ((\${#values})); then compadd -a values; else _files; fi
      return
      ;;
  esac
  case $current_path in
${commands.map(zshCase).join('\n')}
  esac
  if [[ $word == -* ]]; then
    _describe -o option options
  else
    if ((\${#names})); then _describe command names; fi
    if ((files)); then _files; fi
  fi
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _create_ml_model "$@"
else
  compdef _create_ml_model machinelearning create-ml-model
fi
`;
}

function zshCase({ path, commands, words, options, files }: CompletionCommand): string {
  const names = [...commands.map(({ name, description }) => zshEntry(name, description)), ...words];
  const described = options.map(({ name, description }) => zshEntry(name, description));
  return `    ('${path}')\n      files=${Number(files)} names=(${names.join(' ')})\n      options=(${described.join(' ')})\n      ;;`;
}

function zshEntry(name: string, description: string): string {
  return quoted(`${name}:${description.replaceAll('\\\\', '\\\\\\\\').replaceAll(':', '\\\\:')}`);
}

function fishScript(commands: readonly CompletionCommand[]): string {
  const programs = [...new Set(commands.map(({ path }) => path.split(' ')[0]))];
  return `# Completion of machinelearning and create-ml-model for fish.
function __create_ml_model_path
  set -l words (commandline -opc)
  set -l path (basename $words[1])
  set -l skip 0
  for word in $words[2..]
    if test $skip = 1
      set skip 0
      continue
    end
    switch $word
      case ${valueOptions(commands).join(' ')}
        set skip 1
      case '-*'
      case '*'
        switch "$path $word"
          case ${commands.map(({ path }) => `'${path}'`).join(' ')}
            set path "$path $word"
        end
    end
  end
  echo $path
end
function __create_ml_model_at
  test (__create_ml_model_path) = "$argv"
end
${programs.flatMap((program) => commands.filter(({ path }) => path.split(' ')[0] === program).flatMap((command) => fishLines(program, command))).join('\n')}
`;
}

function fishLines(program: string, { path, commands, words, options, files }: CompletionCommand): string[] {
  const line = `complete -c ${program} -n '__create_ml_model_at ${path}'`;
  return [
    ...(files ? [] : [`${line} -f`]),
    ...commands.map(({ name, description }) => `${line} -a ${name} -d ${quoted(description)}`),
    ...words.map((word) => `${line} -a ${word}`),
    ...options.map(
      (option) => `${line} -l ${option.name.slice(2)} -d ${quoted(option.description)}${fishValue(option)}`,
    ),
  ];
}

function fishValue({ takesValue, values }: CompletionOption): string {
  if (!takesValue) return '';
  return values ? ` -x -a '${values.join(' ')}'` : ' -r';
}

/** Single quotes, of any of the shells. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
