/**
 * What is wrong if the environment tells Node.js to believe every certificate: whoever stands in between could then read the
 * records and replay the requests, to Duo as to AWS.
 */
export function certificateProblem({ NODE_TLS_REJECT_UNAUTHORIZED }: NodeJS.ProcessEnv): string | undefined {
  // Any other value changes nothing. https://nodejs.org/api/cli.html#node_tls_reject_unauthorizedvalue
  if (NODE_TLS_REJECT_UNAUTHORIZED !== '0') return undefined;
  return "NODE_TLS_REJECT_UNAUTHORIZED must not be 0: no certificate would be checked. Where a proxy has one of its own, name the file of its authority's in NODE_EXTRA_CA_CERTS";
}
