import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** How Chromium and what is made of it are called, by what installs them. */
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

/** Where the browsers of macOS and Windows are, which nobody has in a path. */
const places = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** What keeps a headless browser from asking anybody for anything by itself, and lets root start it in a container. */
export const quietly = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The browser that `CHROMIUM` names, or one of this machine. Throws an error that says how to get one. */
export function findChromium({ CHROMIUM, PATH = '' }: NodeJS.ProcessEnv): string {
  if (CHROMIUM !== undefined && CHROMIUM !== '') {
    if (existsSync(CHROMIUM)) return CHROMIUM;
    throw new Error(`CHROMIUM names ${CHROMIUM}, and there is no such file.`);
  }
  const inPath = names.flatMap((name) => PATH.split(delimiter).map((folder) => join(folder, name)));
  const found = [...inPath, ...places].find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new Error(
    'There is no Chromium on this machine, which this test opens the report in. Install it (Debian: apt-get install chromium; macOS: brew install --cask chromium), or let the variable CHROMIUM name a Chromium, Chrome or Edge.',
  );
}
