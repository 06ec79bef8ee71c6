interface CycloneDx {
  components: { name: string; [other: string]: unknown }[];
}

/** @param packages what `npm sbom` printed: it does not know that Electron, a development dependency, ships too */
export function toBillOfMaterials(packages: string, electronVersion: string): string {
  const bill = JSON.parse(packages) as CycloneDx;
  const electron = {
    type: 'framework',
    name: 'electron',
    version: electronVersion,
    purl: `pkg:npm/electron@${electronVersion}`,
    'bom-ref': `electron@${electronVersion}`,
  };
  return `${JSON.stringify({ ...bill, components: [...bill.components, electron] }, null, 2)}\n`;
}
