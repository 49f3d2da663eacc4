const whoseAuthority =
  'set NODE_EXTRA_CA_CERTS to the file with the certificate of its authority (docs/networks.md)';

/**
 * What is wrong if the environment tells Node.js to believe every certificate: whoever stands in between could then read the
 * records and replay the requests, to Duo as to AWS.
 */
export function certificateProblem({ NODE_TLS_REJECT_UNAUTHORIZED }: NodeJS.ProcessEnv): string | undefined {
  // Any other value changes nothing. https://nodejs.org/api/cli.html#node_tls_reject_unauthorizedvalue
  if (NODE_TLS_REJECT_UNAUTHORIZED !== '0') return undefined;
  return `NODE_TLS_REJECT_UNAUTHORIZED must not be 0: it turns off the checking of certificates. If a proxy has its own certificate, ${whoseAuthority}`;
}

/** What to do about a connection that has failed with this code because nobody here knows who has issued the other side's certificate. */
export function authorityRemedy(code: string | undefined): string | undefined {
  if (code === undefined || !unknownAuthority.includes(code)) return undefined;
  return `this machine does not trust the authority that issued that certificate. If a proxy in between has its own certificate, as in many companies, ${whoseAuthority}`;
}

/** https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const unknownAuthority = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];
