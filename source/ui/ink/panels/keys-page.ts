import type { PanelContent } from '../../../ceremony/question.ts';
import type { Binding } from '../binding.ts';
import type { Journey } from '../journey.ts';
import { bindingsOf } from '../keys.ts';

/** Makes the page of keys: first the keys of the screen under this page, then those that do something else on a page. */
export function keysPage(journey: Journey): PanelContent {
  const screenJourney = { ...journey, panel: undefined, stopping: undefined };
  const pageJourney = { ...screenJourney, panel: { kind: 'text', top: 0, content: { title: '', lines: [] } } } as const;
  const screenKeys = namedKeys(bindingsOf(screenJourney));
  const isScreenKey = ({ name, does }: NamedKey) => screenKeys.some((key) => key.name === name && key.does === does);
  const pageKeys = namedKeys(bindingsOf(pageJourney)).filter((key) => !isScreenKey(key));
  return { title: 'Keys', lines: [...keyLines(screenKeys), '', 'On a page like this', ...keyLines(pageKeys)] };
}

type NamedKey = Readonly<{ name: string; does: string }>;

/** Gives each key once, with its effect. A binding may have several names. Of several bindings of a key, the first counts. */
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
