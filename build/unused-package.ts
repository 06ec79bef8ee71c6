/**
 * `conf`, on which electron-store is built, loads ajv at once but uses it only with a schema.
 * Keyvigil passes no schema, so this module replaces ajv and ajv-formats.
 */
export function Ajv2020(): never {
  throw new Error('Keyvigil checks its files by its own schemas.');
}

export default Ajv2020;
