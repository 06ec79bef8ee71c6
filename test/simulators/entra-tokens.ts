/** The tokens of the Entra simulator: signed as Microsoft signs its own, by a key made on first use. */
import {
  createHash,
  generateKeyPairSync,
  sign,
  verify,
  type KeyPairKeyObjectResult,
} from 'node:crypto';

export type Claims = Record<string, unknown>;

const KEY_ID = 'simulated-key';

/** Made once for all simulators of a process, since it takes a tenth of a second. */
let keyPair: KeyPairKeyObjectResult | undefined;

function keys(): KeyPairKeyObjectResult {
  return (keyPair ??= generateKeyPairSync('rsa', { modulusLength: 2048 }));
}

export function signedToken(claims: Claims): string {
  const header = { typ: 'JWT', alg: 'RS256', kid: KEY_ID };
  const content = `${encoded(header)}.${encoded(claims)}`;
  const signature = sign('sha256', Buffer.from(content), keys().privateKey);
  return `${content}.${signature.toString('base64url')}`;
}

/** The claims of a token that was signed here; undefined for any other. Looks at no time. */
export function claimsOf(token: string): Claims | undefined {
  const [header, claims, signature, ...rest] = token.split('.');
  if (!header || !claims || !signature || rest.length > 0) return undefined;
  const content = Buffer.from(`${header}.${claims}`);
  const { publicKey } = keys();
  if (!verify('sha256', content, publicKey, Buffer.from(signature, 'base64url'))) return undefined;
  return JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as Claims;
}

/** The key set that the metadata names. */
export function keySet(): { keys: unknown[] } {
  const jwk = keys().publicKey.export({ format: 'jwk' });
  return { keys: [{ ...jwk, kid: KEY_ID, use: 'sig', alg: 'RS256' }] };
}

/** The JSON of a value in base 64 for URLs: the parts of a token, and `client_info`. */
export function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** RFC 7636, 4.6. */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

/** A GUID that is always the same for the same text. */
export function guidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/, '$1-$2-4$3-8$4-$5');
}
