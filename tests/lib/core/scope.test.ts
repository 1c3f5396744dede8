import { expect, it } from 'vitest';
import { Scope } from '@/lib/core/scope';

it('a closed scope has ended everything added to it, the latest first', () => {
  const ended: string[] = [];
  const scope = new Scope();
  scope.add(
    () => ended.push('first'),
    () => ended.push('second'),
  );
  scope.add(() => ended.push('third'));
  expect(scope.isClosed).toBe(false);
  scope.close();
  expect(ended).toEqual(['third', 'second', 'first']);
  expect(scope.isClosed).toBe(true);
});

it('closing a scope twice ends nothing twice', () => {
  let ends = 0;
  const scope = new Scope();
  scope.add(() => {
    ends += 1;
  });
  scope.close();
  scope.close();
  expect(ends).toBe(1);
});

it('what is added to a closed scope ends at once', () => {
  let ends = 0;
  const scope = new Scope();
  scope.close();
  scope.add(() => {
    ends += 1;
  });
  expect(ends).toBe(1);
});

it('an end that throws does not keep the others from ending', () => {
  const ended: string[] = [];
  const scope = new Scope();
  scope.add(
    () => ended.push('first'),
    () => {
      throw new Error('stuck');
    },
    () => ended.push('third'),
  );
  expect(() => scope.close()).toThrow('stuck');
  expect(ended).toEqual(['third', 'first']);
});
