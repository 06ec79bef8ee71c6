const MARK = '•••';

/** A secret after its name, in a URL, a header, a form or JSON (also JSON within JSON, with its backslashes). */
const NAMED =
  /\b(\w*(?:hash|token|key|code|code_verifier|password|passphrase|passwd|pass|pwd|secret|client_info|state|bearer|cookie)\\*["']?\s*(?:[=:]|%3D)\s*)(\\*"[^"]*"?|'[^']*'?|[^\s"'&,;<>}]+)/gi;
/** The user name and password in `https://user:password@host`. In JSON, the slashes may be escaped. */
const USER_INFO = /(:[\\/]{2,})[^\s/?#"'<>]+@/g;
const AUTHORIZATION = /\b((?:basic|apikey|token|bearer)\s+)[A-Za-z0-9+/=._~-]{6,}/gi;
/** A hash of NEXUS IC has 100 hexadecimal digits, and tokens are long runs without blanks. Words are shorter. */
const LONG_RUN = /[A-Za-z0-9+/=_-]{24,}(?:\.[A-Za-z0-9+/=_-]+)*/g;

/** Shorter secrets also occur within ordinary words. */
const MIN_SECRET_LENGTH = 4;

/**
 * Replaces everything in `text` that may be a secret. Every log line and every quoted answer of a server passes through `redact`.
 * This is the last defence: callers must not put secrets into `text`.
 * @param secrets values that must not be shown, in any encoding
 */
export function redact(text: string, secrets: Iterable<string> = []): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length < MIN_SECRET_LENGTH) continue;
    for (const encoded of encodingsOf(secret)) clean = clean.replaceAll(encoded, MARK);
  }
  return clean
    .replace(USER_INFO, `$1${MARK}@`)
    .replace(NAMED, `$1${MARK}`)
    .replace(AUTHORIZATION, `$1${MARK}`)
    .replace(LONG_RUN, (run) => (/\d/.test(run) ? MARK : run));
}

/** The secret as it is, in a URL, in a form, in JSON, and in Base64. */
function encodingsOf(secret: string): readonly string[] {
  const inUrl = encodeURIComponent(secret);
  return [
    secret,
    inUrl,
    inUrl.replaceAll('%20', '+'),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('base64'),
  ];
}
