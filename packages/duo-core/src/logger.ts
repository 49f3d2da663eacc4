/** Where a run says what happens; messages carry no record, secret or signature. */
export interface Logger {
  info(message: string, details: Record<string, unknown>): void;
  warn(message: string): void;
  error(message: string): void;
}
