/** A name for a new account: its server's host, numbered if that name is taken. Undefined without a host. */
export function suggestedName(address: string, takenNames: readonly string[]): string | undefined {
  // People type addresses with and without a scheme.
  const host = /^(?:[a-z][a-z\d+.-]*:\/\/)?([^\s/:?#]+)/i.exec(address.trim())?.[1];
  let name = host;
  for (let number = 2; name && takenNames.includes(name); number += 1) name = `${host} ${number}`;
  return name;
}
