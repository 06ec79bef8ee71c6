import project from '../package.json' with { type: 'json' };

/** Keyvigil's own pages on the web. */
export const PRODUCT_PAGES = {
  homepage: project.homepage,
  documentation: `${project.homepage}/tree/HEAD/docs`,
  problems: project.bugs,
} as const;
