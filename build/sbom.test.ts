import { expect, it } from 'vitest';
import { onlyShipped, type Sbom } from './sbom.ts';

const APP = { name: 'app', version: '1.0.0' };
const INSTALLED: Sbom = {
  metadata: { component: { name: 'the-folder' } },
  components: ['a@1', 'a@2', 'tool@1'].map((ref) => ({ 'bom-ref': ref })),
  dependencies: [
    { ref: 'app@1.0.0', dependsOn: ['a@1', 'tool@1'] },
    { ref: 'a@1', dependsOn: [] },
    { ref: 'tool@1', dependsOn: ['a@2'] },
  ],
};

it('lists the packages that ship, each in its version, and how they depend on each other', () => {
  expect(onlyShipped(INSTALLED, APP, [{ name: 'a', version: '1' }])).toEqual({
    metadata: { component: { name: 'app' } },
    components: [{ 'bom-ref': 'a@1' }],
    dependencies: [
      { ref: 'app@1.0.0', dependsOn: ['a@1'] },
      { ref: 'a@1', dependsOn: [] },
    ],
  });
});

it('refuses to leave out a package that ships', () => {
  const shipped = [{ name: 'a', version: '3' }];
  expect(() => onlyShipped(INSTALLED, APP, shipped)).toThrow('a@3');
});
