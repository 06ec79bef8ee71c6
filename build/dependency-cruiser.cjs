/** The house's arrows: what may know what. */
/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
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
      name: 'systems-know-nobody',
      severity: 'error',
      from: { path: '^main/systems/' },
      to: { path: '^main/(sessions|storage|bridge|desktop|compose|index)' },
    },
    {
      name: 'sessions-know-systems-by-their-interface',
      severity: 'error',
      from: { path: '^main/sessions/', pathNot: '[.]test[.]ts$' },
      to: {
        path: '^main/(storage|bridge|desktop|compose|index|systems/(?!(system|failure|redact)[.]ts$))',
      },
    },
    {
      name: 'renderer-knows-the-contract-alone',
      severity: 'error',
      from: { path: '^renderer/', pathNot: '[.]test[.]ts$' },
      to: { path: '^main/', pathNot: '^main/bridge/(contract|state-words)[.]ts$' },
    },
    {
      name: 'nothing-ships-tests',
      severity: 'error',
      from: { path: '^(main|renderer)/', pathNot: '[.]test[.]ts$' },
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
