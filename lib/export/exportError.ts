import { ReasonedError } from '@/lib/core/reasonedError';
import type { RecordedPerson } from '@/lib/recording/timeline';

/**
 * `noPerson`: the recording has no such person, or none who has done what is to be exported; `severalPeople`: more than one has, so one
 * must be chosen; `nothingThere`: there is nothing of it in the time asked for; `tooLong`: longer than such a file can be.
 */
export type ExportErrorReason = 'noPerson' | 'severalPeople' | 'nothingThere' | 'tooLong';

/** People as a list that a person can choose from. */
function listed(people: readonly RecordedPerson[]): string {
  return people.map(({ id, name }) => (name ? `${name} (${id})` : id)).join(', ');
}

/** An export that cannot be made of a recording, with a sentence that says what to do. */
export class ExportError extends ReasonedError<ExportErrorReason> {
  /** `did`: what is to be exported, such as `moved`; `people`: those who did. */
  static noPerson(people: readonly RecordedPerson[], did: string): ExportError {
    if (people.length === 0)
      return new ExportError('noPerson', `No one in this recording has ${did}. Choose another recording.`);
    return new ExportError(
      'noPerson',
      `There is no such person. Choose one of those who have ${did}: ${listed(people)}.`,
    );
  }

  static severalPeople(people: readonly RecordedPerson[]): ExportError {
    return new ExportError('severalPeople', `Choose one person, by name or id: ${listed(people)}.`);
  }

  static nothingThere(name: string): ExportError {
    return new ExportError(
      'nothingThere',
      `There is nothing of ${name} in that time. Choose an earlier start or a later end.`,
    );
  }

  static tooLong(mostS: number): ExportError {
    const hours = Math.floor(mostS / 3600);
    return new ExportError(
      'tooLong',
      `Such a file can be ${hours} hours long. Choose a later start or an earlier end.`,
    );
  }
}
