import { ReasonedError } from '@/lib/core/reasonedError';
import type { RecordedPerson } from '@/lib/recording/timeline';

/**
 * `noPerson`: nobody of that name or id moved; `severalPeople`: more than one did, so one must be chosen; `nothingThere`: the person
 * has nothing in the time asked for.
 */
export type ExportErrorReason = 'noPerson' | 'severalPeople' | 'nothingThere';

/** People as a list that a person can choose from. */
function listed(people: readonly RecordedPerson[]): string {
  return people.map(({ id, name }) => (name ? `${name} (${id})` : id)).join(', ');
}

/** An export that cannot be made of a recording, with a sentence that says what to do. */
export class ExportError extends ReasonedError<ExportErrorReason> {
  /** `moved`: those there are. */
  static noPerson(moved: readonly RecordedPerson[]): ExportError {
    if (moved.length === 0)
      return new ExportError('noPerson', 'Nobody in the recording has moved. Choose another one.');
    return new ExportError('noPerson', `There is no such person. Choose one of those who moved: ${listed(moved)}.`);
  }

  static severalPeople(moved: readonly RecordedPerson[]): ExportError {
    return new ExportError('severalPeople', `Choose one person, by name or id: ${listed(moved)}.`);
  }

  static nothingThere(name: string): ExportError {
    return new ExportError(
      'nothingThere',
      `There is nothing of ${name} in that time. Choose an earlier start or a later end.`,
    );
  }
}
