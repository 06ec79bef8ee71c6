/** The beginning of a text, of at most `maxLength` characters. Never ends with the first half of an emoji. */
export const cutText = (text: string, maxLength: number): string =>
  text.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '');
