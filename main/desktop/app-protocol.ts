import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { protocol, session } from 'electron';
import { POPUP_PARTITION } from './popup-options.ts';

const SCHEME = 'app';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

const HEADERS = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
};

/** Must be called before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true } },
  ]);
}

/**
 * The proxy's name never resolves (RFC 6761), so no request leaves. Without `<-loopback>`, requests to this computer
 * would bypass the proxy.
 */
const NO_NETWORK = { proxyRules: 'socks5://nowhere.invalid:1', proxyBypassRules: '<-loopback>' };

/**
 * Serves the renderer's files as `app://keyvigil/…`, because a `file://` page could read any file of the user. The page has no
 * network: otherwise an attacker's script could send typed texts by WebRTC, which no content security policy stops.
 */
export async function serveRenderer(folder: string): Promise<void> {
  const popup = session.fromPartition(POPUP_PARTITION);
  await popup.setProxy(NO_NETWORK);
  popup.protocol.handle(SCHEME, async ({ url }) => {
    const path = normalize(join(folder, decodeURIComponent(new URL(url).pathname)));
    const type = TYPES[extname(path)];
    if (!path.startsWith(folder + sep) || type === undefined) return notFound();
    try {
      return new Response(await readFile(path), { headers: { ...HEADERS, 'Content-Type': type } });
    } catch {
      return notFound();
    }
  });
}

const notFound = () => new Response('Not found', { status: 404 });
