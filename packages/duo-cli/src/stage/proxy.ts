import https from 'node:https';

/**
 * Whether this Node.js can go through a proxy by itself: 22.21, 24.5 and later can, and have this flag.
 * https://nodejs.org/api/http.html#built-in-proxy-support
 */
export const knowsProxies = process.allowedNodeEnvironmentFlags.has('--use-env-proxy');

/** The first of these that is set says which proxy https goes through, as for Node.js. */
const variables = ['https_proxy', 'HTTPS_PROXY'] as const;

function variableIn(env: NodeJS.ProcessEnv) {
  return variables.find((name) => env[name]);
}

/** What is wrong with the proxy that the environment names, without repeating it: it may hold a password. */
export function proxyProblem(env: NodeJS.ProcessEnv): string | undefined {
  const name = variableIn(env);
  const proxy = name && env[name];
  // Node.js goes past a proxy that it cannot read, or repeats it in an error.
  if (proxy === undefined || (/^https?:\/\//.test(proxy) && URL.canParse(proxy))) return undefined;
  return `${name} must be http:// or https:// with the host and the port of a proxy, like http://proxy.example.com:3128 (docs/networks.md).`;
}

/** What an agent of `node:https` is made with, so that it goes through the proxy that the environment names; nothing where none does. */
export function proxyOptions(env: NodeJS.ProcessEnv): { readonly proxyEnv?: NodeJS.ProcessEnv } {
  if (!knowsProxies || variableIn(env) === undefined || proxyProblem(env) !== undefined) return {};
  const { https_proxy, HTTPS_PROXY, no_proxy, NO_PROXY } = env;
  return { proxyEnv: { https_proxy, HTTPS_PROXY, no_proxy, NO_PROXY } };
}

/**
 * From now on, what this process asks over https goes through the proxy that its environment names, also where `NODE_USE_ENV_PROXY`
 * does not say so. Clients of the AWS SDK have agents of their own: see `awsOptions`.
 */
export function useProxy(env: NodeJS.ProcessEnv): void {
  const options = proxyOptions(env);
  if (options.proxyEnv === undefined) return;
  // Otherwise as Node's own is.
  https.globalAgent = new https.Agent({ keepAlive: true, scheduling: 'lifo', timeout: 5_000, ...options });
}

/**
 * What to say where the environment names a proxy that this Node.js does not know how to use, although one of these hosts is asked;
 * undefined where there is nothing to say.
 */
export function proxyNotice(
  env: NodeJS.ProcessEnv,
  hosts: readonly string[],
  isUsed = knowsProxies,
): string | undefined {
  const name = variableIn(env);
  if (isUsed || name === undefined || hosts.every((host) => isExcepted(host, env))) return undefined;
  return `${name} is set, and Node.js ${process.versions.node} cannot use it: this asks without the proxy. Node.js 22.21, 24.5 or later goes through it (docs/networks.md).`;
}

/** What to add to an error that says that the proxy has opened no way to the other side; nothing to others. */
export function proxyHint(message: string): string {
  return message.includes('Failed to establish tunnel')
    ? ' That is what the proxy says which HTTPS_PROXY names: docs/networks.md has what it may mean.'
    : '';
}

/** As the most lenient reader of `NO_PROXY` would have it: whoever has named the host, in whatever form, need not be told. */
function isExcepted(host: string, { no_proxy, NO_PROXY }: NodeJS.ProcessEnv): boolean {
  const names = (no_proxy || NO_PROXY || '').split(/[\s,]+/).map((name) => name.replace(/^\*?\.|:\d+$/g, ''));
  return names.some((name) => name === '*' || (name !== '' && `.${host}`.endsWith(`.${name}`)));
}
