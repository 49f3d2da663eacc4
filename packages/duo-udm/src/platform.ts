import type { Noun } from './udm-schema';

const platforms: readonly (readonly [RegExp, NonNullable<Noun['platform']>])[] = [
  [/win/i, 'WINDOWS'],
  [/lin/i, 'LINUX'],
  [/mac/i, 'MAC'],
  [/ios/i, 'IOS'],
  [/chrome/i, 'CHROME_OS'],
  [/android/i, 'ANDROID'],
];

/** UDM's word for an operating system that Duo names, tried in the order of the parser for DUO_ACTIVITY. */
export function platform(os: string | undefined): Noun['platform'] {
  if (os === undefined) return undefined;
  return platforms.find(([pattern]) => pattern.test(os))?.[1] ?? 'UNKNOWN_PLATFORM';
}

/** The same, where a parser knows desktops only. */
export function desktop(os: string | undefined): Noun['platform'] {
  const found = platform(os);
  return found === 'MAC' || found === 'WINDOWS' || found === 'LINUX' ? found : undefined;
}
