/** Prints everything that ships as a CycloneDX list. After a build, run `npm run --silent sbom > sbom.json`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import project from '../package.json' with { type: 'json' };
import { declaredVersion } from './runtime/official.ts';
import { Problem, script } from './runtime/report.ts';
import { run } from './runtime/run.ts';
import { PACKAGES_FILE, type ShippedPackage } from './shipped.ts';

type Named = Pick<ShippedPackage, 'name' | 'version'>;

/** The parts of a CycloneDX document that this file reads or changes. */
export interface Sbom {
  readonly metadata: { readonly component: { readonly name: string } };
  readonly components: readonly { readonly 'bom-ref': string }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/**
 * Keeps only what ships, because npm lists everything that is installed.
 * @throws if npm does not know a shipped package
 */
export function onlyShipped(
  installed: Sbom,
  { name, version }: Named,
  shipped: readonly Named[],
): Sbom {
  const refs = new Set(shipped.map(({ name, version }) => `${name}@${version}`));
  const root = `${name}@${version}`;
  const components = installed.components.filter((component) => refs.has(component['bom-ref']));
  const known = new Set(components.map((component) => component['bom-ref']));
  const unknown = [...refs].filter((ref) => !known.has(ref));
  if (unknown.length > 0) throw new Problem(`npm does not know ${unknown.join(', ')}.`);
  const dependencies = installed.dependencies
    .filter(({ ref }) => ref === root || refs.has(ref))
    .map(({ ref, dependsOn }) => ({
      ref,
      dependsOn: dependsOn.filter((other) => refs.has(other)),
    }));
  // npm names the project after its folder, so the document needs the real name.
  const component = { ...installed.metadata.component, name };
  return { ...installed, metadata: { ...installed.metadata, component }, components, dependencies };
}

if (import.meta.main) {
  await script(async () => {
    const file = join(import.meta.dirname, '../out', PACKAGES_FILE);
    const bundled = JSON.parse(readFileSync(file, 'utf8')) as ShippedPackage[];
    const { status, stdout, stderr } = await run('npm', ['sbom', '--sbom-format=cyclonedx']);
    if (status !== 0) throw new Problem(`npm sbom failed:\n${stderr}`);
    const shipped = [...bundled, { name: 'electron', version: await declaredVersion() }];
    console.log(JSON.stringify(onlyShipped(JSON.parse(stdout) as Sbom, project, shipped), null, 2));
  });
}
