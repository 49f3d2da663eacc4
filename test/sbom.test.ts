import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { packageService } from 'duo-contract/package-service';
import { build } from 'esbuild';
import { type Bill, makeBill, packageName } from '../tools/sbom/bill';
import { bundles } from '../tools/sbom/bundles';
import { licenceOf, licenceProblems } from '../tools/sbom/licences';
import { noticesOf } from '../tools/sbom/notices';
import { ourLicence, ourPackages } from '../tools/sbom/ours';
import { supplied } from '../tools/sbom/supplied';

const root = join(__dirname, '..');
const ours = ourPackages();

describe.each(Object.entries(bundles()))('the bill of materials of %s', (_name, options) => {
  let bill: Bill;
  beforeAll(async () => {
    ({ bill } = await makeBill(options));
  });

  test('has every package of which something is in the bundle, and no other', async () => {
    const { metafile } = await build({ ...options, metafile: true });
    const inputs = Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs));
    const packages = inputs.flatMap((path) => {
      const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
      return name === undefined ? [] : [name];
    });
    expect(packages).toContain('@aws-sdk/client-s3');
    const others = bill.components.map(packageName).filter((name) => !ours.has(name));
    expect(others.toSorted()).toEqual([...new Set(packages)].toSorted());
  });

  test('has no package whose licence is not allowed', () => {
    expect(licenceProblems(bill, ours)).toEqual([]);
  });

  test("goes with each text that a package's licence wants to go with it", () => {
    const notices = noticesOf(bill, ours, ourLicence());
    expect(notices).toContain('Copyright (c) 2025 Colin McDonnell');
    const others = bill.components.filter((one) => !ours.has(packageName(one)));
    const unnamed = others.filter((one) => !notices.includes(`\n${packageName(one)} ${one.version} (`));
    // MIT No Attribution wants nothing.
    expect(new Set(unnamed.map(licenceOf))).toEqual(new Set(unnamed.length > 0 ? ['MIT-0'] : []));
  });
});

test('the text of a licence that is supplied is the licence, and its package has none and names this author', () => {
  const place = join(root, 'packages/duo-cli/node_modules/@bomb.sh/tab');
  const { author, license } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'));
  expect(license).toBe('MIT');
  expect(readdirSync(place).filter((name) => /licen[cs]e/i.test(name))).toEqual([]);
  const ofZod = readFileSync(join(root, 'node_modules/zod/LICENSE'), 'utf8').replace(
    /^Copyright .*$/m,
    `Copyright (c) ${author}`,
  );
  expect(supplied['@bomb.sh/tab']?.split(/\s+/)).toEqual(ofZod.split(/\s+/));
});

test('no function has anything of DuckDB, which the command installs where it is asked for', async () => {
  const { outputFiles = [] } = await build(bundles().functions);
  expect(outputFiles.length).toBeGreaterThan(5);
  expect(outputFiles.filter(({ text }) => /duckdb/i.test(text)).map(({ path }) => path)).toEqual([]);
  expect(readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')).not.toContain('duckdb');
});

test('what the bill is made of is what is deployed, byte for byte', async () => {
  const { outputFiles = [] } = await build({ ...bundles().functions, metafile: true });
  const made = outputFiles.find(({ path }) => path.endsWith('/services/telephony/src/handler.js'));
  const deployed = packageService(join(root, 'services/telephony')).files['src/handler.js'];
  expect(made?.contents.length).toBeGreaterThan(100_000);
  expect(Buffer.from(made?.contents ?? '').equals(deployed ?? Buffer.alloc(0))).toBe(true);
});

describe('a bundled package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'duo-licences-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The bill of a bundle of one package, which says that of itself and has these files beside its code. */
  async function billOf(name: string, says: object, files: Readonly<Record<string, string>> = {}) {
    const place = join(folder, name);
    const other = join(place, 'node_modules', name);
    mkdirSync(other, { recursive: true });
    writeFileSync(join(place, 'package.json'), JSON.stringify({ name: 'bundle', version: '1.0.0' }));
    writeFileSync(join(place, 'main.js'), `import '${name}';`);
    const described = { name, version: '1.2.3', main: 'index.js', ...says };
    writeFileSync(join(other, 'package.json'), JSON.stringify(described));
    writeFileSync(join(other, 'index.js'), 'console.log("bundled");');
    for (const [file, text] of Object.entries(files)) writeFileSync(join(other, file), text);
    const options = {
      absWorkingDir: place,
      entryPoints: [join(place, 'main.js')],
      bundle: true,
      write: false,
    };
    return makeBill({ ...options, outdir: 'dist' });
  }

  test.each([
    ['says-nothing', {}, 'says-nothing names no licence'],
    [
      'not-listed',
      { license: 'GPL-3.0-only' },
      'not-listed has the licence GPL-3.0-only, which is not on the list',
    ],
    [
      'own-words',
      { license: 'SEE LICENSE IN file' },
      'own-words has the licence SEE LICENSE IN file, which is not',
    ],
    [
      'a-choice',
      { license: '(MIT OR GPL-3.0-only)' },
      'a-choice has the licence (MIT OR GPL-3.0-only), which is not',
    ],
    [
      'without-text',
      { license: 'MIT' },
      'without-text has the licence MIT, whose text has to go with it, and',
    ],
  ])('%s is found', async (name, says, problem) => {
    const { bill } = await billOf(name, says);
    expect(licenceProblems(bill, ours)).toEqual([expect.stringContaining(problem)]);
  });

  test('with an allowed licence and its text is none of these, and its text and notice go with it', async () => {
    const files = { LICENSE: 'MIT, by Somebody', NOTICE: 'Made by Somebody' };
    const { bill, json } = await billOf('allowed', { license: 'MIT' }, files);
    expect(licenceProblems(bill, ours)).toEqual([]);
    const notices = noticesOf(bill, ours, ourLicence());
    for (const text of Object.values(files)) expect(notices).toContain(`allowed 1.2.3 (MIT)\n\n${text}\n`);
    expect(JSON.parse(json)).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' });
    expect((await billOf('allowed', { license: 'MIT' }, files)).json).toBe(json);
  });

  test('with the Apache License and no copy of it has this one', async () => {
    const { bill } = await billOf('apache', { license: 'Apache-2.0' });
    expect(licenceProblems(bill, ours)).toEqual([]);
    const licence = readFileSync(join(root, 'LICENSE'), 'utf8').trim();
    expect(noticesOf(bill, ours, ourLicence())).toContain(`apache 1.2.3 (Apache-2.0)\n\n${licence}\n`);
  });
});
