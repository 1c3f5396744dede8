import { expect, it } from 'vitest';
import { ParleyApiError } from '@/lib/api';
import { readOptions, sentenceFor, siteUrl, UsageError, wholeNumber } from '@/tools/command/command';

it.each([
  ['https://meet.example.org/', {}, 'https://meet.example.org'],
  [undefined, { PUBLIC_URL: 'https://meet.example.org/parley/' }, 'https://meet.example.org/parley'],
  [undefined, { PORT: '8080' }, 'http://localhost:8080'],
  [undefined, {}, 'http://localhost:3000'],
])('a command with --url %j in the environment %j works on %s', (given, env, url) => {
  expect(siteUrl(given, env)).toBe(url);
});

it.each(['nonsense', 'ftp://meet.example.org'])('--url %s is refused', (given) => {
  expect(() => siteUrl(given, {})).toThrow(UsageError);
});

it('an option may be a whole number within its range, or absent', () => {
  expect(wholeNumber(undefined, 'count')).toBeNull();
  expect(wholeNumber('0', 'seed')).toBe(0);
  expect(wholeNumber('2147483646', 'seed')).toBe(2_147_483_646);
  expect(wholeNumber('16', 'count', { least: 1, most: 16 })).toBe(16);
});

it.each(['', '-1', '1.5', '1e3', 'many', '17'])('--count %j is refused with its range', (given) => {
  expect(() => wholeNumber(given, 'count', { least: 1, most: 16 })).toThrow(
    '--count must be a whole number from 1 to 16.',
  );
});

it('an unknown option is refused in one sentence, followed by the usage', () => {
  const read = () => readOptions({ args: ['--loud'], options: {} }, 'Usage: npm run x');
  expect(read).toThrow(/^Unknown option '--loud'\. Usage: npm run x$/);
});

it('a site that does not answer is named, any other failure speaks for itself', () => {
  const offline = new ParleyApiError({ reason: 'offline' }, 'No answer.');
  expect(sentenceFor(offline, 'http://localhost:3000')).toMatch(/^There is no answer from http:\/\/localhost:3000\./);
  expect(sentenceFor(new Error('The meeting is full.'), 'http://localhost:3000')).toBe('The meeting is full.');
});
