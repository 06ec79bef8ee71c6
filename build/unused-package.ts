/** Replaces a package that `conf`, which is what electron-store is made of, loads at once and uses only with a schema: Keyvigil gives it none. */
export function Ajv2020(): never {
  throw new Error('Keyvigil checks its files by its own schemas.');
}

export default Ajv2020;
