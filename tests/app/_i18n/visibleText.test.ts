import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';

const APP = new URL('../../../app/', import.meta.url).pathname;
const FILES = readdirSync(APP, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.tsx'));
const SPOKEN_ATTRIBUTES = [
  'aria-label',
  'aria-description',
  'title',
  'placeholder',
  'alt',
  'label',
  'hint',
  'sentence',
];

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

function* walk(node: Node): Generator<Node> {
  yield node;
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* walk(child);
  }
}

/** The fixed text a node would show or say, or null. */
function fixedText(node: Node): string | null {
  if (node.type === 'JSXText') return node['value'] as string;
  if (node.type === 'JSXExpressionContainer') {
    const { type, value } = node['expression'] as Node;
    return type === 'Literal' && typeof value === 'string' ? value : null;
  }
  if (node.type !== 'JSXAttribute') return null;
  const name = (node['name'] as Node)['name'] as string;
  const value = node['value'] as Node | null;
  return SPOKEN_ATTRIBUTES.includes(name) && value?.type === 'Literal' ? (value['value'] as string) : null;
}

function hardCoded(path: string, source: string): string[] {
  const { program } = parseSync(path, source);
  return [...walk(program as unknown as Node)].map(fixedText).filter((text) => /\p{L}/u.test(text ?? '')) as string[];
}

describe('visible text', () => {
  it('the check finds fixed text in a component', () => {
    const source = `const A = () => <p title="Hello"><b aria-label={t('x')}>{'now'}</b> There </p>;`;
    expect(hardCoded('a.tsx', source)).toEqual(['Hello', 'now', ' There ']);
  });

  it.each(FILES)('%s takes its visible text from the catalogue', (path) => {
    expect(hardCoded(path, readFileSync(join(APP, path), 'utf8'))).toEqual([]);
  });
});
