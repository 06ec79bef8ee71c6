/** Whether an address leads back to the Return URL: the same to the letter, but for what the answer adds to it. */
export function leadsBack(address: string, returnUrl: string): boolean {
  return URL.canParse(address) && withoutAnswer(address) === withoutAnswer(returnUrl);
}

function withoutAnswer(address: string): string {
  const { origin, pathname } = new URL(address);
  return origin + pathname;
}
