/** A longer host does not fit into the title bar of the sign-in window. */
const MAX_HOST_LENGTH = 48;

/** Shows whose page the window has: the scheme, and the end of the host, which names the owner. */
export function originTitle(address: string): string {
  const { protocol, host } = new URL(address);
  const end = host.length > MAX_HOST_LENGTH ? `…${host.slice(-MAX_HOST_LENGTH)}` : host;
  return `${protocol}//${end}`;
}
