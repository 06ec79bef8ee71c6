/** A name for a new account: the host of its server, with a number if that name is taken. Undefined without a host. */
export function suggestedName(address: string, takenNames: readonly string[]): string | undefined {
  // People type addresses with and without a scheme.
  const host = /^(?:[a-z][a-z\d+.-]*:\/\/)?(\[[^\]\s]+\]|[^\s/:?#]+)/i.exec(address.trim())?.[1];
  return host && numberedName(host, takenNames);
}

export function numberedName(wanted: string, takenNames: readonly string[]): string {
  let name = wanted;
  for (let number = 2; takenNames.includes(name); number += 1) name = `${wanted} ${number}`;
  return name;
}
