/** Whether an address is the Return URL with an answer. Only the query and the fragment may differ. */
export function leadsBack(address: string, returnUrl: string): boolean {
  return URL.canParse(address) && withoutAnswer(address) === withoutAnswer(returnUrl);
}

function withoutAnswer(address: string): string {
  const { origin, pathname } = new URL(address);
  return origin + pathname;
}
