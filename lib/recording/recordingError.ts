import { ReasonedError } from '@/lib/core/reasonedError';

/**
 * `truncated`: its end is missing; `notARecording`: it does not begin like one; `unknownVersion`: written by a later
 * Parley; `tooLarge`: more than a segment may have; `checksum`: changed since it was written; `malformed`: its fields
 * contradict each other; `otherRecording`: of another recording than the one being read; `tooManyTracks`: more tracks than
 * a recording can have; `empty`: no whole segment.
 */
export type RecordingErrorReason =
  | 'truncated'
  | 'notARecording'
  | 'unknownVersion'
  | 'tooLarge'
  | 'checksum'
  | 'malformed'
  | 'otherRecording'
  | 'tooManyTracks'
  | 'empty';

/** A recording, a segment or an index that can't be read, with a sentence that says what is wrong. */
export class RecordingError extends ReasonedError<RecordingErrorReason> {
  static truncated(): RecordingError {
    return new RecordingError('truncated', 'The end of the recording is missing. Repair it, or get it again.');
  }

  static notARecording(): RecordingError {
    return new RecordingError('notARecording', 'This is not a Parley recording. Choose a .parley file.');
  }

  static unknownVersion(version: number): RecordingError {
    const sentence = `The recording has version ${version} of the format. Open it with a newer Parley.`;
    return new RecordingError('unknownVersion', sentence);
  }

  static tooLarge(what: string): RecordingError {
    return new RecordingError('tooLarge', `A segment of the recording has more ${what} than it may have.`);
  }

  static checksum(): RecordingError {
    return new RecordingError('checksum', 'A segment of the recording is damaged. Repair the recording.');
  }

  static malformed(where: string): RecordingError {
    return new RecordingError('malformed', `A segment of the recording contradicts the format at ${where}.`);
  }

  static otherRecording(): RecordingError {
    return new RecordingError('otherRecording', 'A segment belongs to another recording.');
  }

  static tooManyTracks(): RecordingError {
    return new RecordingError('tooManyTracks', 'The recording has all the tracks it can have. Start another one.');
  }

  static empty(): RecordingError {
    return new RecordingError('empty', 'There is not one whole segment in the recording.');
  }
}
