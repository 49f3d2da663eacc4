/** An answer with `"stat":"FAIL"`, as Duo words it. Its HTTP status is the code without the last two digits. */
export interface DuoFailure {
  readonly code: number;
  readonly message: string;
  /** What exactly was wrong, where Duo says so. */
  readonly message_detail?: string;
}

/**
 * Every failure that the simulator answers by itself. Codes and messages are those seen in Duo's clients, its Postman
 * collection and issue threads; Duo publishes no complete list, and for 40101 and 40105 no official trace was found.
 */
export const failures = {
  missingParameters: { code: 40001, message: 'Missing required request parameters' },
  /** `detail` names the parameter or says what is wrong with it (wordings of duo_log_sync#36 and duo_client_python#95). */
  invalidParameters: (detail: string): DuoFailure => ({
    code: 40002,
    message: 'Invalid request parameters',
    message_detail: detail,
  }),
  /** https://support.liongard.com knows it from children on another deployment than their parent's. */
  crossDeployment: {
    code: 40002,
    message: 'Invalid request parameters',
    message_detail: 'Cross-deployment Admin API usage through Accounts API is currently not available.',
  },
  missingCredentials: { code: 40101, message: 'Missing request credentials' },
  unknownIntegrationKey: { code: 40102, message: 'Invalid integration key in request credentials' },
  wrongSignature: { code: 40103, message: 'Invalid signature in request credentials' },
  badTimestamp: { code: 40105, message: 'Bad request timestamp' },
  notFound: { code: 40401, message: 'Resource not found' },
  tooManyRequests: { code: 42901, message: 'Too Many Requests' },
  serverError: { code: 50001, message: 'Unknown internal server error' },
} as const;
