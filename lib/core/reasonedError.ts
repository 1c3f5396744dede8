/**
 * The base of every expected failure: a machine-readable `reason`, and a sentence that says what to do. Each folder of `lib`
 * derives its own class with its own union of reasons.
 */
export abstract class ReasonedError<Reason extends string> extends Error {
  constructor(
    readonly reason: Reason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}
