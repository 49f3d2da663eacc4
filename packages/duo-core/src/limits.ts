/*
 * What Duo and this collector allow. Times are in milliseconds, sizes in bytes.
 */

/** How long Duo keeps records, unless the account's retention says less. (help.duo.com, article 2990) */
export const retention = 180 * 24 * 3_600_000;

/** The longest way back that is asked for: Duo refuses exactly 180 days (duo_log_sync#36). */
export const longestLookback = 179 * 24 * 3_600_000;

/** How far before now a log begins, where nothing else is said. */
export const defaultLookback = 24 * 3_600_000;

/** How long Duo withholds new records: a window's end stays this far behind now. https://duo.com/docs/adminapi */
export const publishingDelay = 120_000;

/** How far this clock and Duo's, or this clock and its own past, may be apart before nothing moves. */
export const clockTolerance = 30_000;

/** How much coarser than its timestamps Duo's comparison with a window's bounds may be. */
export const boundsTolerance = 1_000;

/** How far back before the watermark a window begins, where nothing else is said: what Duo has published late by then is found. */
export const defaultOverlap = 300_000;

/** How often in a row Duo's end is not believed that comes before it has shown as many records as it says there are. */
export const mostShort = 3;

/** The least overlap: with a clock that is as far ahead as is tolerated, a shorter one would miss punctual records. */
export const leastOverlap = 60_000;

/** How much text (bytes) of pages that come without a pause is held before it is decided on: an object has this much and up to a page more. */
export const mostHeld = 4_000_000;

/** How long the first of the pages that are held may wait for the others. */
export const longestHeld = 10_000;

/** How large an answer of Duo's may be, decompressed: 1000 records of 16 KiB. */
export const largestAnswer = 16 * 1024 * 1024;

/**
 * How much text an object of records can have. What is held when a page comes is less than `mostHeld`; a page has at most what is
 * on two answers (see `readWhole`), and its lines are no longer than those, which have a comma where these have a line break.
 * Collectors before there was anything held have stored a page.
 */
export const mostText = mostHeld + 2 * largestAnswer;

/**
 * How large a stored object may be, as it is stored, to be read at all: an outbox with the most text that nothing compresses, and
 * some four million records that are remembered. A larger one is nobody's state, and reading it would end the process.
 */
export const mostRead = 256 * 1024 * 1024;
