/** Lists the packages whose code is in the bundles. Besides these packages, only Electron ships. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { LICENSE_DIVIDER } from '../main/bridge/licenses.ts';

export interface ShippedPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/** The files that `writeShipped` writes beside the bundles. */
export const PACKAGES_FILE = 'packages.json';
export const LICENSES_FILE = 'licenses.txt';

/** A Vite plugin that adds the folder of each bundled package to `folders`. */
export function notePackages(folders: Set<string>): Plugin {
  return {
    name: 'keyvigil:note-packages',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        for (const id of chunk.moduleIds) {
          const folder = packageFolder(id);
          if (folder !== undefined) folders.add(folder);
        }
      }
    },
  };
}

/** @returns the folder of the package that a module belongs to; undefined for Keyvigil's own modules */
export function packageFolder(moduleId: string): string | undefined {
  return /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(moduleId)?.[1];
}

/** Writes the list of the shipped packages, and the licences that must ship with them. */
export function writeShipped(folders: ReadonlySet<string>, outFolder: string): void {
  const packages = [...folders]
    .map((folder) => ({ folder, ...readPackage(folder) }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
  const list = packages.map(({ name, version, license }) => ({ name, version, license }));
  writeFileSync(join(outFolder, PACKAGES_FILE), JSON.stringify(list, null, 2));
  const licenses = packages.map(
    ({ folder, name, version, license }) =>
      `${name} ${version} (${license})\n\n${licenseText(folder)}`,
  );
  writeFileSync(join(outFolder, LICENSES_FILE), licenses.join(LICENSE_DIVIDER));
}

function readPackage(folder: string): ShippedPackage {
  const content = readFileSync(join(folder, 'package.json'), 'utf8');
  const {
    name,
    version,
    license = 'unknown',
  } = JSON.parse(content) as Partial<ShippedPackage> & Pick<ShippedPackage, 'name' | 'version'>;
  return { name, version, license };
}

function licenseText(folder: string): string {
  const files = readdirSync(folder).filter((name) => /^(licen[cs]e|notice)/i.test(name));
  return files.map((name) => readFileSync(join(folder, name), 'utf8').trim()).join('\n\n');
}
