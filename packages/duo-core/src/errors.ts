/*
 * Each class says what the run does next and whether an operator has to know. Anything that is none of these is a
 * fault of the program or of a library: it passes through unchanged and is never tried again.
 */

/** A setting or an event is missing or malformed; the message names each one. The run stops; an operator is alerted. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Credentials are missing, malformed or cannot be read; the message names each parameter. The run stops; an operator is alerted. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';

  /** `reason` is AWS's name of the error where it is AWS that they cannot be read from; see `awsErrorName`. */
  constructor(
    message: string,
    readonly reason?: string,
  ) {
    super(message);
  }
}

/** Duo answered 401. The credentials are fetched anew once; after that the run stops and an operator is alerted. */
export class UnauthorizedError extends Error {
  override readonly name = 'UnauthorizedError';

  /** `code` is Duo's own for why, like 40103; undefined where the answer has none. */
  constructor(
    message: string,
    readonly code?: number,
  ) {
    super(message);
  }
}

/** Duo answered 429. The run waits or ends as `throttled`; nobody is alerted unless the log falls behind. */
export class ThrottledError extends Error {
  override readonly name = 'ThrottledError';

  /**
   * `retryAfter` is how long Duo asks to wait, undefined where it does not say; `sinceLast` how long before the refused request
   * its client had made another one, `Infinity` if never. In ms.
   */
  constructor(
    message: string,
    readonly retryAfter?: number,
    readonly sinceLast = 0,
  ) {
    super(message);
  }
}

/** Duo could not be reached, failed (5xx) or broke off its answer. Tried again a few times, then the run fails. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}

/** Duo answered 400. In a window that an earlier run opened, a new one is opened; otherwise the run fails. */
export class BadRequestError extends Error {
  override readonly name = 'BadRequestError';
}

/** Duo refuses for good (403, 404, 410, a redirect, an unknown status), or what answers has a certificate that nobody here trusts. The run stops; an operator is alerted. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/** An answer is larger than the collector reads. The page is asked for again with half the limit. */
export class ResponseTooLargeError extends Error {
  override readonly name = 'ResponseTooLargeError';
}

/** An answer is well-formed but not the one that Duo documents. Nothing moves; an operator is alerted. */
export class UnexpectedResponseError extends Error {
  override readonly name = 'UnexpectedResponseError';
}

/** An answer is Duo's but for a byte that is no UTF-8: at `offset` from its beginning, in its n-th record or outside of them (null). */
export class NotUtf8Error extends Error {
  override readonly name = 'NotUtf8Error';

  constructor(
    readonly byte: number,
    readonly offset: number,
    readonly record: number | null,
  ) {
    const where = record === null ? 'outside of its records' : `in its record ${record}`;
    super(
      `the byte 0x${byte.toString(16).toUpperCase().padStart(2, '0')} at offset ${offset} of the answer, ${where}, is not UTF-8, as JSON must be`,
    );
  }
}

/** This machine's clock and Duo's disagree, or this one jumped back. Nothing moves; an operator is alerted. */
export class ClockError extends Error {
  override readonly name = 'ClockError';
}

/** The checkpoint cannot be read, belongs to something else or vanished. Nothing moves; an operator is alerted. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

/** Another run has saved since this one has loaded or saved: nothing that this one has held is stored. It ends, and nobody is alerted. */
export class SupersededError extends Error {
  override readonly name = 'SupersededError';
}

/** The store refuses or fails. What was not stored is stored by the next run; an operator is alerted. */
export class StoreError extends Error {
  override readonly name = 'StoreError';

  /** `reason` is what S3 calls the error (see `awsErrorName`) or the operating system (`ENOSPC`), if it is one of theirs. */
  constructor(
    message: string,
    readonly reason?: string,
  ) {
    super(message);
  }
}
