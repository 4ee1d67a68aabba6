import { Argument, type Command } from 'commander';
import { EXIT } from './exit.js';
import type { VerbHost } from './verb.js';

export const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

/** One place in the tree of commands: `turnpike router` offers the verbs of routers. */
interface Place {
  /** The words before, without `turnpike`. */
  readonly path: readonly string[];
  readonly words: readonly { readonly word: string; readonly about: string }[];
}

export function addCompletion(program: Command, { terminal, setExit }: VerbHost): void {
  program
    .command('completion')
    .description('print the script that completes commands in a shell')
    .addArgument(new Argument('<shell>').choices(shells))
    .action((shell: Shell) => {
      terminal.write(scriptFor(shell, program));
      setExit(EXIT.done);
    });
}

export function scriptFor(shell: Shell, program: Command): string {
  const places = placesOf(program, []);
  switch (shell) {
    case 'bash':
      return bash(places);
    case 'zsh':
      return zsh(places);
    case 'fish':
      return fish(places);
  }
}

function placesOf(command: Command, path: readonly string[]): Place[] {
  const verbs = command.commands.map((one) => ({ word: one.name(), about: one.description() }));
  const options = command.options.flatMap(({ long, description }) =>
    long === undefined || long === null ? [] : [{ word: long, about: description }],
  );
  const here = { path, words: [...verbs, ...options] };
  return [here, ...command.commands.flatMap((one) => placesOf(one, [...path, one.name()]))];
}

/** A command without verbs of its own offers its options wherever one is in what follows it. */
function patternOf({ path }: Place, places: readonly Place[]): string {
  const name = path.join(' ');
  const hasVerbs = places.some((other) => other.path.length > path.length && other.path[0] === path[0]);
  return path.length === 1 && !hasVerbs ? `'${name}' | '${name} '*` : `'${name}'`;
}

function bash(places: readonly Place[]): string {
  const cases = offering(places).map(
    (place) => `    ${patternOf(place, places)}) words='${place.words.map(({ word }) => word).join(' ')}' ;;`,
  );
  return `# turnpike completion for bash: source <(turnpike completion bash)
_turnpike() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before='' words='' i
  for ((i = 1; i < COMP_CWORD && i < 3; i++)); do
    case "\${COMP_WORDS[i]}" in -*) break ;; esac
    before="\${before:+$before }\${COMP_WORDS[i]}"
  done
  case "$before" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _turnpike turnpike
`;
}

function zsh(places: readonly Place[]): string {
  const cases = offering(places).map((place) => {
    const lines = place.words.map(({ word, about }) => `        '${word}:${plain(about).replaceAll(':', '\\:')}'`);
    return `    ${patternOf(place, places)})\n      offered=(\n${lines.join('\n')}\n      ) ;;`;
  });
  return `#compdef turnpike
# turnpike completion for zsh: source <(turnpike completion zsh)
_turnpike() {
  local -a offered before
  local word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    [[ "$word" == -* ]] && break
    before+=("$word")
    (( \${#before} >= 2 )) && break
  done
  case "\${(j: :)before}" in
${cases.join('\n')}
  esac
  _describe 'turnpike' offered || _files
}
compdef _turnpike turnpike
`;
}

function offering(places: readonly Place[]): Place[] {
  return places.filter(({ words }) => words.length > 0);
}

function fish(places: readonly Place[]): string {
  const lines = places.flatMap(({ path, words }) => {
    const condition = `__turnpike_at ${path.map((word) => `'${word}'`).join(' ')}`.trim();
    return words.map(({ word, about }) => {
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a '${word}'`;
      return `complete -c turnpike -n "${condition}" ${what} -d '${plain(about)}'`;
    });
  });
  return `# turnpike completion for fish: turnpike completion fish | source
function __turnpike_at
  set -l before (commandline -opc)
  set -e before[1]
  set -l path
  for word in $before
    string match -q -- '-*' $word; and break
    set path $path $word
    test (count $path) -ge 2; and break
  end
  test "$path" = "$argv"
end
${lines.join('\n')}
`;
}

/** Descriptions stand in single quotes. */
function plain(text: string): string {
  return text.replaceAll("'", '');
}
