import { stripTypeScriptTypes } from 'node:module';
import { type AnyNode, type Node, parse } from 'acorn';
import { full } from 'acorn-walk';

/** One small change of a source file that a test should notice. */
export type Mutation = {
  /** What is changed, such as `=== to !==`. */
  readonly kind: string;
  /** Offsets in the file, in UTF-16 units, and what comes in the place of the text between them. */
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
};

const otherOperator: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '&&': '||',
  '||': '&&',
};

/**
 * Every mutation of a TypeScript file without JSX: other comparisons and logical operators, conditions that always or never
 * hold, other literals, and statements that are left out. Types and words are left alone.
 */
export function findMutations(source: string): readonly Mutation[] {
  // Types become white space, so that offsets are those of the file.
  const script = stripTypeScriptTypes(source, { mode: 'strip' });
  const found: Mutation[] = [];
  full(parse(script, { ecmaVersion: 'latest', sourceType: 'module' }), (node) => {
    found.push(...mutationsOf(node as AnyNode, source, script));
  });
  return found.sort((a, b) => a.start - b.start || a.end - b.end);
}

function mutationsOf(node: AnyNode, source: string, script: string): readonly Mutation[] {
  const replace = (kind: string, { start, end }: Node, replacement: string): Mutation => ({
    kind,
    start,
    end,
    replacement,
  });
  const text = ({ start, end }: Node) => source.slice(start, end);
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression': {
      const other = otherOperator[node.operator];
      if (other === undefined) return [];
      // In the script: what stood between may be a type, such as `Map<string, number>`.
      const at = script.indexOf(node.operator, node.left.end);
      const operator = { start: at, end: at + node.operator.length } as Node;
      return [replace(`${node.operator} to ${other}`, operator, other)];
    }
    case 'UnaryExpression':
      return node.operator === '!' ? [replace('! left out', node, text(node.argument))] : [];
    case 'ConditionalExpression':
      return [
        replace('condition always true', node.test, 'true'),
        replace('condition always false', node.test, 'false'),
      ];
    case 'IfStatement':
      return [replace('if always true', node.test, 'true'), replace('if always false', node.test, 'false')];
    case 'Literal':
      if (typeof node.value === 'boolean') return [replace('other boolean', node, String(!node.value))];
      return typeof node.value === 'number' ? [replace('number plus 1', node, `(${text(node)} + 1)`)] : [];
    case 'ExpressionStatement':
      return isCall(node.expression) ? [replace('call left out', node, ';')] : [];
    case 'ThrowStatement':
      return [replace('throw left out', node, ';')];
    default:
      return [];
  }
}

function isCall(node: AnyNode): boolean {
  if (node.type === 'AwaitExpression' || node.type === 'UnaryExpression') return isCall(node.argument);
  return node.type === 'CallExpression' && node.callee.type !== 'Super';
}
