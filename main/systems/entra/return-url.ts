/** Whether an address leads back to the Return URL. All but the answer's parameters must be identical. */
export function leadsBack(address: string, returnUrl: string): boolean {
  return URL.canParse(address) && withoutAnswer(address) === withoutAnswer(returnUrl);
}

function withoutAnswer(address: string): string {
  const { origin, pathname } = new URL(address);
  return origin + pathname;
}
