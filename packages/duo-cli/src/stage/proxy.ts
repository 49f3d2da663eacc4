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

/** Whether it is one that Node.js goes through. It goes past any other, or repeats it in an error, and it may hold a password. */
function isUsable(proxy = ''): boolean {
  return /^https?:\/\//.test(proxy) && URL.canParse(proxy);
}

/** What an agent of `node:https` is made with, so that it goes through the proxy that the environment names; nothing where none does. */
export function proxyOptions(env: NodeJS.ProcessEnv): { readonly proxyEnv?: NodeJS.ProcessEnv } {
  const name = variableIn(env);
  if (!knowsProxies || name === undefined || !isUsable(env[name])) return {};
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
 * What to say where the environment names a proxy and one of these hosts is asked without it: this Node.js knows no proxies, or not
 * that kind. Undefined where there is nothing to say. The proxy itself is not repeated.
 */
export function proxyNotice(
  env: NodeJS.ProcessEnv,
  hosts: readonly string[],
  isKnown = knowsProxies,
): string | undefined {
  const name = variableIn(env);
  if (name === undefined || hosts.every((host) => isExcepted(host, env))) return undefined;
  if (!isUsable(env[name]))
    return `This command does not use the proxy: ${name} must be http:// or https:// with a host and a port, like http://proxy.example.com:3128 (docs/networks.md).`;
  if (isKnown) return undefined;
  return `This command does not use the proxy: ${name} is set, but Node.js ${process.versions.node} does not support it. Node.js 22.21, 24.5 or later does (docs/networks.md).`;
}

/** What to add to an error that says that the proxy has opened no way to the other side; nothing to others. */
export function proxyHint(message: string): string {
  return message.includes('Failed to establish tunnel')
    ? ' This is the answer of the proxy in HTTPS_PROXY: docs/networks.md says what it may mean.'
    : '';
}

/** As the most lenient reader of `NO_PROXY` would have it: whoever has named the host, in whatever form, need not be told. */
function isExcepted(host: string, { no_proxy, NO_PROXY }: NodeJS.ProcessEnv): boolean {
  const names = (no_proxy || NO_PROXY || '').split(/[\s,]+/).map((name) => name.replace(/^\*?\.|:\d+$/g, ''));
  return names.some((name) => name === '*' || (name !== '' && `.${host}`.endsWith(`.${name}`)));
}
