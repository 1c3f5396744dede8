import { ReasonedError } from '@/lib/core/reasonedError';

/** `syntax`: not written as BVH is; `tooLarge`: beyond a cap; `frames`: the motion's table; `skeleton`: joints we can't map. */
export type BvhErrorReason = 'syntax' | 'tooLarge' | 'frames' | 'skeleton';

/** Why a BVH file can't be used, and where. The message names the line and what was expected there. */
export class BvhError extends ReasonedError<BvhErrorReason> {
  constructor(
    reason: BvhErrorReason,
    /** 1-based line of the file. */
    readonly line: number,
    /** What is wrong there, without the line. */
    readonly detail: string,
  ) {
    super(reason, `Line ${line}: ${detail}`);
  }
}
