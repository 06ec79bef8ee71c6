/** For comparing texts without case and accents. Upper case, because only there are ß and ss the same. */
export const foldText = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toUpperCase();
