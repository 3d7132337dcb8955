import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Argument, Command, Option } from 'commander';
import { completionScript } from '../../source/commands/completion/scripts.ts';

/** A program with a flag and an argument of each kind. */
function smallProgram(): Command {
  const program = new Command('keyferry').description('Does it. And more.').helpOption('-h, --help', 'print help');
  program
    .command('look')
    .description("Looks at a folder's [things]: one by one.\nSecond line.")
    .argument('[file]')
    .option('-w, --workdir <folder>', 'the folder')
    .option('--list <file>', 'a file [or none]')
    .option('--name <name>', "somebody's name")
    .addOption(new Option('--kind <kind>', 'the kind').choices(['one', 'two']))
    .option('--example [ceremony]', 'an example')
    .helpOption(false);
  program
    .command('shell')
    .description('Prints it')
    .addArgument(new Argument('<shell>').choices(['bash', 'fish']))
    .helpOption(false);
  program.command('about').description('About v1.2.').argument('<command>').helpOption(false);
  program.command('bare').description('Nothing').argument('[text...]').helpOption(false);
  program.helpCommand(false);
  return program;
}

test('fish offers of each flag and argument what it takes, and takes a word after a flag with a value for no command', () => {
  const lines = completionScript('fish', smallProgram()).split('\n');
  const look = (rest: string) => `complete -c keyferry -n '__keyferry_in look'${rest}`;
  for (const line of [
    '            case --workdir --list --name --kind',
    `complete -c keyferry -n '__keyferry_in ""' -l help -s h -d 'print help'`,
    `complete -c keyferry -n '__keyferry_in ""' -a look -d 'Looks at a folder\\'s [things]: one by one'`,
    look(' -F'),
    look(` -l workdir -s w -r -f -a '(__fish_complete_directories)' -d 'the folder'`),
    look(` -l list -r -F -d 'a file [or none]'`),
    look(` -l name -r -f -d 'somebody\\'s name'`),
    look(` -l kind -r -f -a 'one two' -d 'the kind'`),
    look(` -l example -d 'an example'`),
    `complete -c keyferry -n '__keyferry_in shell' -f -a 'bash fish'`,
    `complete -c keyferry -n '__keyferry_in about' -f -a 'look shell about bare'`,
  ])
    assert.ok(lines.includes(line), line);
  assert.equal(
    lines.some((line) => line.includes('__keyferry_in bare')),
    false,
  );
});

test('zsh offers the same, with its own escapes', () => {
  const script = completionScript('zsh', smallProgram());
  for (const line of [
    `    'look:Looks at a folder'\\''s [things]: one by one'`,
    `    '*--workdir[the folder]:value:_files -/' \\`,
    `    '*-w[the folder]:value:_files -/' \\`,
    `    '*--list[a file \\[or none\\]]:value:_files' \\`,
    `    '*--name[somebody'\\''s name]:value: ' \\`,
    `    '*--kind[the kind]:value:(one two)' \\`,
    `    '*--example[an example]' \\`,
    `    '*:look:_files' ;;`,
    `    '*:shell:(bash fish)' ;;`,
    `    '*:about:(look shell about bare)' ;;`,
  ])
    assert.ok(script.includes(`\n${line}\n`), `${line}\n${script}`);
  assert.match(script, /^ {4}'about:About v1\.2'$/m);
  assert.match(script, /^ {4}'\*:bare: '/m);
  assert.doesNotMatch(script, /undefined/);
});

test('bash offers the same', () => {
  const script = completionScript('bash', smallProgram());
  for (const line of [
    '      --workdir|--list|--name|--kind) ((i++)) ;;',
    `    --workdir) COMPREPLY=($(compgen -d -- "$cur")); compopt -o filenames 2> /dev/null; return ;;`,
    `    --list) COMPREPLY=($(compgen -f -- "$cur")); compopt -o filenames 2> /dev/null; return ;;`,
    `    --name) return ;;`,
    `    --kind) COMPREPLY=($(compgen -W $'one\\ntwo' -- "$cur")); return ;;`,
    `    bare)`,
  ])
    assert.ok(script.includes(`\n${line}\n`), `${line}\n${script}`);
  const offered = (command: string) => script.split(`\n    ${command})\n`)[1]?.split('\n')[0] ?? '';
  assert.match(
    offered("''"),
    /compgen -W \$'--help' .*else COMPREPLY=\(\$\(compgen -W \$'look\\nshell\\nabout\\nbare' /,
  );
  assert.match(offered('bare'), /else :; fi ;;$/);
});
