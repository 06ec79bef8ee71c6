/**
 * Takes out of a text whatever may be a secret: it stands before every log line and every piece of a server's answer that is
 * shown. The last line of defence, not the first: nothing should hand it a secret.
 */
const MARK = '•••';

/** What comes before a secret in a URL, a header or JSON; the secret itself is what follows. */
const NAMED =
  /\b(\w*(?:hash|token|key|code|code_verifier|password|secret|client_info|state)["']?\s*(?:[=:]|%3D)\s*)("[^"]*"?|'[^']*'?|[^\s"'&,;<>}]+)/gi;
const AUTHORIZATION = /\b((?:basic|apikey|token|bearer)\s+)[A-Za-z0-9+/=._~-]{6,}/gi;
/** NEXUS IC's hash is 100 hexadecimal digits, tokens are long runs without blanks; words are not. */
const LONG_RUN = /[A-Za-z0-9+/=_-]{24,}(?:\.[A-Za-z0-9+/=_-]+)*/g;

export function redact(text: string): string {
  return text
    .replace(NAMED, `$1${MARK}`)
    .replace(AUTHORIZATION, `$1${MARK}`)
    .replace(LONG_RUN, (run) => (/\d/.test(run) ? MARK : run));
}
