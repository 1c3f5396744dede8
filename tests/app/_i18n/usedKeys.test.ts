import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { en } from '@/app/_i18n/en';
import { enOps } from '@/app/_i18n/enOps';

const APP = new URL('../../../app/', import.meta.url).pathname;

function sources(): string {
  return readdirSync(APP, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !path.startsWith('_i18n/'))
    .map((path) => readFileSync(join(APP, path), 'utf8'))
    .join('\n');
}

describe('the keys of the catalogue', () => {
  it('every key of the catalogue is used, by name or by a stem that a variable completes', () => {
    const text = sources();
    const stems = [...text.matchAll(/`(\w+\.\w*)\$\{/g)].map((match) => match[1]!);
    const unused = Object.keys({ ...en, ...enOps }).filter((key) => {
      const name = key.replace(/_(one|other)$/, '');
      return !text.includes(`'${name}'`) && !stems.some((stem) => name.startsWith(stem));
    });
    expect(unused).toEqual([]);
  });
});
