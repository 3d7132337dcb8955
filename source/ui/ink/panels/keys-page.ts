import type { PanelContent } from '../../../ceremony/question.ts';
import type { Binding } from '../binding.ts';
import type { Journey } from '../journey.ts';
import { bindingsOf } from '../keys.ts';

/** Makes the page of keys: those of the screen under this page, and then those that work only on a page or do other things there. */
export function keysPage(journey: Journey): PanelContent {
  const below = { ...journey, panel: undefined, stopping: undefined };
  const page = { ...below, panel: { kind: 'text', top: 0, content: { title: '', lines: [] } } } as const;
  const ofScreen = namedKeys(bindingsOf(below));
  const isOfScreen = ({ name, does }: NamedKey) => ofScreen.some((key) => key.name === name && key.does === does);
  const ofPage = namedKeys(bindingsOf(page)).filter((key) => !isOfScreen(key));
  return { title: 'Keys', lines: [...keyLines(ofScreen), '', 'On a page like this', ...keyLines(ofPage)] };
}

type NamedKey = Readonly<{ name: string; does: string }>;

/** Gives each key once, with its effect. A binding may have several names, and a key several bindings. */
function namedKeys(bindings: readonly Binding[]): readonly NamedKey[] {
  const effects = new Map<string, string>();
  for (const { key, does } of bindings)
    for (const name of key.replace('↑↓', 'up, down').split(', ')) if (!effects.has(name)) effects.set(name, does);
  return [...effects].map(([name, does]) => ({ name, does }));
}

/** Gives a line for each effect: the names of its keys, and the effect. */
function keyLines(keys: readonly NamedKey[]): readonly string[] {
  const names = new Map<string, readonly string[]>();
  for (const { name, does } of keys) names.set(does, [...(names.get(does) ?? []), name]);
  return [...names].map(([does, all]) => `${all.join(', ').padEnd(14)} ${does}`);
}
