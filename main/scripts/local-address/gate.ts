/** Decides from the raw head of a request whether it may reach an account's server. */
import { failed, success, type Result } from '../../result.ts';
import { problem, type ProblemDetails } from './problem.ts';

/** The head of a request as received: nothing in it is decoded, joined or dropped. */
export interface RequestHead {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Each name is followed by its value. */
  readonly rawHeaders: readonly string[];
}

export interface Admitted {
  readonly token: string;
  /** Below the API's base, with a slash at its start. */
  readonly path: string;
  /** With its question mark, or empty. */
  readonly query: string;
}

/** @param host the local address's host and port, which every honest client sends as `Host` */
export function admit(head: RequestHead, host: string): Result<Admitted, ProblemDetails> {
  const refusal = refuseHeaders(head, host);
  return refusal ? failed(refusal) : readTarget(head.url ?? '');
}

function refuseHeaders(
  { method, rawHeaders }: RequestHead,
  host: string,
): ProblemDetails | undefined {
  const headers = pairs(rawHeaders);
  const values = (name: string) => headers.filter(([n]) => n === name).map(([, value]) => value);
  const names = new Set(headers.map(([name]) => name));
  // A web page can let its own host name point to this computer (DNS rebinding). The browser still sends that name as `Host`.
  if (values('host').length !== 1 || values('host')[0] !== host) {
    return problem(403, `Use the local address as Keyvigil shows it, with the host ${host}.`);
  }
  if (names.has('origin') || isFromBrowser(headers)) {
    return problem(403, 'Web pages cannot use a local address. Use it from a program.');
  }
  if (names.has('upgrade')) {
    return problem(400, 'A local address serves HTTP/1.1 only. Turn off HTTP/2 and WebSocket.');
  }
  if (OVERRIDES.some((name) => names.has(name))) {
    return problem(400, 'Send the method and the path themselves, not headers that replace them.');
  }
  // Node's parser already refuses two lengths, or a length together with chunks.
  const hasBody = names.has('transfer-encoding') || values('content-length').some((v) => v !== '0');
  if (hasBody && isRead(method)) return problem(400, `A ${method} request has no body.`);
  return undefined;
}

/** Some servers obey these headers instead of the request line, but the gate checks only the request line. */
const OVERRIDES = [
  'x-http-method-override',
  'x-http-method',
  'x-method-override',
  'x-original-url',
  'x-rewrite-url',
];

/**
 * Browsers send several `Sec-Fetch` headers, and always the site. Node's own fetch sends only `Sec-Fetch-Mode: cors`, which no
 * browser does.
 */
function isFromBrowser(headers: readonly (readonly [string, string])[]): boolean {
  const metadata = headers.filter(([name]) => name.startsWith('sec-fetch-'));
  const isNode = metadata.length === 1 && metadata[0]!.join(': ') === 'sec-fetch-mode: cors';
  return metadata.length > 0 && !isNode;
}

export const isRead = (method: string | undefined) => method === 'GET' || method === 'HEAD';

const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE'];

export function checkMethod(
  method: string | undefined,
  access: 'read' | 'write',
): ProblemDetails | undefined {
  if (isRead(method) || (access === 'write' && WRITES.includes(method ?? ''))) return undefined;
  const allowed = ['GET', 'HEAD', ...(access === 'write' ? WRITES : [])].join(', ');
  const detail =
    access === 'read' && WRITES.includes(method ?? '')
      ? 'This local address may only read. To change data with it, turn on “Allow changes” in the details of the account in Keyvigil.'
      : `A local address knows only ${allowed}.`;
  return problem(405, detail, { Allow: allowed });
}

/** Only visible ASCII, so that the server reads the same path that the gate checked. */
const ORIGIN_FORM = /^\/([^/?]*)(\/[^?]*)?(\?.*)?$/;
const VISIBLE = /^[\x21-\x7e]+$/;

function readTarget(target: string): Result<Admitted, ProblemDetails> {
  const [, token = '', path = '/', query = ''] = ORIGIN_FORM.exec(target) ?? [];
  if (token === '' || !VISIBLE.test(target) || target.includes('#')) {
    return failed(problem(400, 'Send a path that begins with a slash, as in /TOKEN/version.'));
  }
  const decoded = decode(path);
  if (
    decoded === undefined ||
    decoded.split('/').slice(1, -1).some(leaves) ||
    leavesAtEnd(decoded)
  ) {
    return failed(
      problem(
        400,
        'This path may lead out of the API, so it is not sent. Remove “..”, “//” and encoded slashes.',
      ),
    );
  }
  return success({ token, path, query });
}

/**
 * The decoded path; undefined if servers may decode the path in different ways. Such a path is not UTF-8, or has an encoded
 * slash or percent sign, a backslash, or a character that some servers turn into one of these.
 */
function decode(path: string): string | undefined {
  if (/%(?:2f|5c|25|[01]|7f)/i.test(path)) return undefined;
  let decoded;
  try {
    // Throws for overlong UTF-8 and for %u002e.
    decoded = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  // Windows treats full-width dots and slashes as plain ones.
  const plain = decoded.normalize('NFKC');
  const slashes = (text: string) => text.split('/').length;
  return plain.includes('\\') || slashes(plain) !== slashes(path) ? undefined : plain;
}

/** An admitted path as any server may read it: decoded, and with plain segments. */
export const plainPath = (path: string): string =>
  (decode(path) ?? path).split('/').map(plainSegment).join('/');

/** Windows drops dots and blanks at the end of a name, and some servers drop what follows a semicolon. */
const plainSegment = (segment: string) =>
  // The lookbehind makes long runs of dots cheap.
  segment.replace(/;.*$/s, '').replace(/(?<![.\s])[.\s]+$/, '');

/** Whether a segment may mean `.` or `..`. */
const leaves = (segment: string) => plainSegment(segment) === '';
const leavesAtEnd = (path: string) => {
  const last = path.slice(path.lastIndexOf('/') + 1);
  return last !== '' && leaves(last);
};

/** Header names and values in pairs. Names are in small letters. */
export function pairs(rawHeaders: readonly string[]): [string, string][] {
  return Array.from({ length: rawHeaders.length / 2 }, (_, i) => [
    rawHeaders[2 * i]!.toLowerCase(),
    rawHeaders[2 * i + 1]!,
  ]);
}
