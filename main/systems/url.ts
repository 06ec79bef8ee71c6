/** Reads a web address as people type it; `https` is assumed. */
export function readUrl(typed: string): { ok: true; url: URL } | { ok: false; problem: string } {
  const trimmed = typed.trim();
  if (trimmed === '') return problem('Type the address of the server.');
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed);
  if (hasScheme && !/^https?:\/\//i.test(trimmed)) {
    return problem('The address must begin with https:// or http://.');
  }
  let url: URL;
  try {
    url = new URL(hasScheme ? trimmed : `https://${trimmed.replace(/^\/+/, '')}`);
  } catch {
    return problem('This is not the address of a server. It should look like server.example.com.');
  }
  if (url.username !== '' || url.password !== '') {
    return problem(
      'Leave user name and password out of the address; they have fields of their own.',
    );
  }
  return { ok: true, url };
}

const problem = (text: string) => ({ ok: false as const, problem: text });
