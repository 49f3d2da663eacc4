import { isIP } from 'node:net';

/** The text, if it is the name of a host; not if it is an IP address, or one with a port. */
export function hostname(text: string | undefined): string | undefined {
  if (text === undefined || isIP(text) !== 0) return undefined;
  return /^(?=.*[a-z])[a-z\d_-]+(\.[a-z\d_-]+)*\.?$/i.test(text) ? text : undefined;
}

/** The text, if it is an IPv4 address. */
export function ipv4(text: string | undefined): string | undefined {
  return isIP(text ?? '') === 4 ? text : undefined;
}

/** The text, if it is an IPv4 or IPv6 address. */
export function ip(text: string | undefined): string | undefined {
  return isIP(text ?? '') === 0 ? undefined : text;
}
