/** Says which folder may import which. The folders of main/ have one order, so they cannot import each other in a circle. */

/** Each folder may import only the folders before it in this list. */
const LAYERS = [
  'messages',
  'systems',
  'sessions',
  'activity',
  'storage',
  'bridge',
  'scripts',
  'desktop',
];
const TESTS = '[.]test[.]ts$';

const layerRules = LAYERS.map((layer, index) => ({
  name: `${layer}-knows-only-the-layers-below`,
  severity: 'error',
  from: { path: `^main/${layer}/`, pathNot: TESTS },
  to: { path: `^main/((${[...LAYERS.slice(index + 1), 'none'].join('|')})/|compose|index)` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    ...layerRules,
    {
      name: 'electron-stays-on-the-desktop',
      comment: 'Everything with logic runs, and is tested, on plain Node.',
      severity: 'error',
      from: {
        path: '^(main|renderer)/',
        pathNot: '^main/(desktop/|index[.]ts$|compose[.]ts$|bridge/preload[.]ts$)',
      },
      to: { path: '^(node_modules/)?electron(-store|-log)?(/|$)' },
    },
    {
      name: 'sessions-know-systems-by-their-interface',
      severity: 'error',
      from: { path: '^main/sessions/', pathNot: TESTS },
      to: { path: '^main/systems/(?!(system|failure|request-limit)[.]ts$)' },
    },
    {
      name: 'renderer-knows-the-contract-alone',
      severity: 'error',
      from: { path: '^renderer/', pathNot: TESTS },
      to: {
        path: '^main/',
        pathNot:
          '^main/(bridge/(contract|state-words|copy-check-words)|limits|messages/.*)[.](ts|js)$',
      },
    },
    {
      name: 'nothing-ships-tests',
      severity: 'error',
      from: { path: '^(main|renderer)/', pathNot: TESTS },
      to: { path: '^(test|build)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|dist|demo|test-results)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.cjs', '.svelte'] },
  },
};
