/**
 * Replaces everything in a text that may be a secret. Every log line and every quoted server answer passes through it.
 * It is the last line of defence: no caller should give it a secret.
 */
const MARK = '•••';

/** A secret after its name in a URL, a header or JSON. */
const NAMED =
  /\b(\w*(?:hash|token|key|code|code_verifier|password|secret|client_info|state)["']?\s*(?:[=:]|%3D)\s*)("[^"]*"?|'[^']*'?|[^\s"'&,;<>}]+)/gi;
const AUTHORIZATION = /\b((?:basic|apikey|token|bearer)\s+)[A-Za-z0-9+/=._~-]{6,}/gi;
/** A hash of NEXUS IC has 100 hexadecimal digits, and tokens are long runs without blanks. Words are shorter. */
const LONG_RUN = /[A-Za-z0-9+/=_-]{24,}(?:\.[A-Za-z0-9+/=_-]+)*/g;

export function redact(text: string): string {
  return text
    .replace(NAMED, `$1${MARK}`)
    .replace(AUTHORIZATION, `$1${MARK}`)
    .replace(LONG_RUN, (run) => (/\d/.test(run) ? MARK : run));
}
