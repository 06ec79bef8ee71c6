import { failed, success, type Result } from '../result.ts';

/** Reads a web address as people type it. Without a scheme it is https. The error is for the user. */
export function readUrl(typed: string): Result<URL, string> {
  const trimmed = typed.trim();
  if (trimmed === '') return failed('Type the server address.');
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed);
  if (hasScheme && !/^https?:\/\//i.test(trimmed)) {
    return failed('The address must begin with https:// or http://.');
  }
  let url: URL;
  try {
    url = new URL(hasScheme ? trimmed : `https://${trimmed.replace(/^\/+/, '')}`);
  } catch {
    return failed('This is not a server address. Type an address such as server.example.com.');
  }
  if (url.username !== '' || url.password !== '') {
    return failed(
      'Remove the user name and password from the address. They have their own fields.',
    );
  }
  return success(url);
}
