import { ReasonedError } from '@/lib/core/reasonedError';

/**
 * `noFreePort`: every port of the range is taken. `cannotBind`: an address isn't this machine's, or isn't allowed.
 * `closed`: the router is closed. `noCertificate`: the DTLS certificate could not be made.
 */
export type MediaErrorReason = 'noFreePort' | 'cannotBind' | 'closed' | 'noCertificate';

/** A media connection can't be had. The message says what a person can do. */
export class MediaError extends ReasonedError<MediaErrorReason> {}
