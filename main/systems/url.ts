import { m } from '../messages/index.ts';
import { failed, success, type Result } from '../result.ts';

/** Reads a web address as people type it. An address without a scheme gets https. The error is for the user. */
export function readUrl(typed: string): Result<URL, string> {
  const trimmed = typed.trim();
  if (trimmed === '') return failed(m.type_server_address());
  const isComplete = /^https?:\/\/[^/\\]/i.test(trimmed);
  // `host:8080` has a port. `file:\\host\x` and `ms-msdt:/x` have another scheme, `https:/host` an incomplete one.
  if (!isComplete && /^[a-z][a-z0-9+.-]*:(?!\d{1,5}(?:[/?#]|$))/i.test(trimmed)) {
    return failed(m.address_needs_http());
  }
  const address = isComplete ? trimmed : `https://${trimmed.replace(/^\/+/, '')}`;
  if (!URL.canParse(address) || /[\\\s]/.test(address)) {
    return failed(m.not_a_server_address());
  }
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') {
    return failed(m.address_has_credentials());
  }
  return success(url);
}
