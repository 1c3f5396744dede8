import { expect, it } from 'vitest';
import { readYaml, readYamlDocuments } from './readYaml';

it('what another reader of YAML could take otherwise is refused', () => {
  const plain = "a:\n  b: '1'\n  # no\n  c:\n    - d:e # f\n    - x-y\nj: {}\n";
  expect(readYaml(plain)).toEqual({ a: { b: '1', c: ['d:e', 'x-y'] }, j: {} });
  expect(readYamlDocuments('a: 1\n---\nb: 2\n')).toEqual([{ a: 1 }, { b: 2 }]);
  const refused = [
    'a: b\n  c: d',
    'a: b\na: c',
    'a:\n  - b\n  c: d',
    '\ta: b',
    'a: yes',
    'a: 0o17',
    'a: 12:30',
    "a: 'b",
  ];
  for (const wrong of refused) expect(() => readYaml(wrong), wrong).toThrow();
});
