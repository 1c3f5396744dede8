import { AvatarFileError } from '../avatarFileError';
import { COORDINATE_MAX, READ_LIMITS } from '../limits';

/** An object parsed from JSON and not checked yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** `value` as an object; an absent one is empty. @throws AvatarFileError `json` */
export function objectAt(value: unknown, where: string): JsonObject {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw AvatarFileError.json(where);
  return value as JsonObject;
}

/** `value` as a list of at most `max`; empty if absent. @throws AvatarFileError `json`, `count` */
export function listAt(value: unknown, where: string, max: number = READ_LIMITS.parts): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw AvatarFileError.json(where);
  if (value.length > max) throw AvatarFileError.count(where);
  return value;
}

/** Reads each entry of a list of at most `max` as an object. @throws AvatarFileError */
export function readEach<Part>(
  value: unknown,
  where: string,
  read: (entry: JsonObject, where: string) => Part,
  max: number = READ_LIMITS.parts,
): Part[] {
  return listAt(value, where, max).map((entry, index) => {
    const place = `${where}[${index}]`;
    return read(objectAt(entry, place), place);
  });
}

/** A whole number from 0 to `max`; `absent` if there is none. @throws AvatarFileError `json` */
export function wholeAt(value: unknown, where: string, max: number, absent?: number): number {
  if (value === undefined && absent !== undefined) return absent;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > max) {
    throw AvatarFileError.json(where);
  }
  return value;
}

/** An index below `count`. @throws AvatarFileError `json` */
export function indexAt(value: unknown, where: string, count: number): number {
  return wholeAt(value, where, count - 1);
}

/** An index below `count`, -1 if there is none. @throws AvatarFileError `json` */
export function indexOrNone(value: unknown, where: string, count: number): number {
  return value === undefined || value === null || value === -1 ? -1 : indexAt(value, where, count);
}

/** Whether a number is finite and within {@link COORDINATE_MAX}. */
function isMeasure(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= COORDINATE_MAX;
}

/** A list of numbers as long as `absent`, which stands in for a missing one. @throws AvatarFileError `numbers` */
export function numbersAt(value: unknown, where: string, absent: readonly number[]): readonly number[] {
  if (value === undefined || value === null) return absent;
  const list = listAt(value, where);
  if (list.length !== absent.length || !list.every(isMeasure)) throw AvatarFileError.numbers(where);
  return list as readonly number[];
}

/** A finite number; `absent` for anything else. */
export function numberOr(value: unknown, absent: number): number {
  return isMeasure(value) ? value : absent;
}

/** A text, cut to `max` and without control characters; empty for anything else. */
export function textOr(value: unknown, max: number = READ_LIMITS.nameLength): string {
  if (typeof value !== 'string') return '';
  return value
    .slice(0, max)
    .replaceAll(/\p{Cc}|\p{Cf}/gu, ' ')
    .trim();
}
