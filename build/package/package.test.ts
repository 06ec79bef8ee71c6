import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { controlFile } from './deb.ts';
import { readOptions } from './options.ts';
import { specFile } from './rpm.ts';
import { missingSigning } from './signing.ts';

const folder = mkdtempSync(join(tmpdir(), 'keyvigil-options-'));
const script = join(folder, 'script.sh');
writeFileSync(script, '#!/bin/sh\necho "${100%}"\n');
afterAll(() => rmSync(folder, { recursive: true }));

/** The options that electron-builder passes to fpm. */
const options = (format: 'deb' | 'rpm', ...more: string[]) =>
  readOptions([
    ...['-s', 'dir', '--force', '-t', format, '--package', `/dist/keyvigil.${format}`],
    ...['--name', 'keyvigil', '--version', '1.2.3', '--architecture', 'amd64'],
    ...[
      '--description',
      'Keeps sessions alive\n Signs in, and so on.',
      '--url',
      'https://k.example',
    ],
    ...['--maintainer', 'A <a@k.example>', '--vendor', 'A', '--license', 'MIT'],
    ...['--category', 'utils', '--after-install', script, '--after-remove', script],
    ...[`--${format}-compression`, 'xz', '-d', 'libnss3', '-d', 'xdg-utils'],
    ...more,
    ...['/built/=/opt/Keyvigil', '/link=/usr/bin/keyvigil'],
  ]);

describe('the options that electron-builder passes', () => {
  it('none gets lost: one that is unknown is an error', () => {
    expect(() => options('deb', '--deb-user', 'x')).toThrow('--deb-user');
  });

  it('one that is needed is named when it is missing', () => {
    expect(() => readOptions(['-t', 'deb', '--description', 'x'])).toThrow('is missing');
  });
});

it('a .deb’s control file says what electron-builder.yml says', () => {
  expect(controlFile(options('deb', '--deb-recommends', 'curl'), '2048')).toBe(
    `Package: keyvigil
Version: 1.2.3
Architecture: amd64
Maintainer: A <a@k.example>
Installed-Size: 2048
Depends: libnss3, xdg-utils
Recommends: curl
Section: utils
Priority: optional
Homepage: https://k.example
Description: Keeps sessions alive
 Signs in, and so on.
`,
  );
});

it('an .rpm owns the app’s folder, and of the system’s folders only its own files', () => {
  const spec = specFile(options('rpm'), ['./opt/Keyvigil/keyvigil', './usr/bin/keyvigil']);
  expect(spec).toContain('\n%files\n"/opt/Keyvigil"\n"/usr/bin/keyvigil"');
  expect(spec).toContain('\nRequires: libnss3\nRequires: xdg-utils\n');
});

it('an .rpm’s scripts are not read as macros', () => {
  expect(specFile(options('rpm'), [])).toContain('\n%post\n#!/bin/sh\necho "${100%%}"\n');
});

describe('what is not signed', () => {
  it('is said, with the reason and what follows', () => {
    expect(missingSigning('win32', { CSC_LINK: 'x' })).toBe(
      'Not signed, because CSC_KEY_PASSWORD is not set: Windows will warn before it runs.',
    );
    expect(missingSigning('darwin', {})).toContain('APPLE_API_KEY_ID');
  });

  it('is nothing if all is set, and on Linux', () => {
    expect(missingSigning('win32', { CSC_LINK: 'x', CSC_KEY_PASSWORD: 'y' })).toBeUndefined();
    expect(missingSigning('linux', {})).toBeUndefined();
  });
});
