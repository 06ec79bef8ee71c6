import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { protocol, session } from 'electron';
import { TRUSTED_ORIGIN } from '../bridge/server.ts';
import { POPUP_PARTITION } from './popup-options.ts';

const SCHEME = 'app';
export const PAGE_ADDRESS = `${TRUSTED_ORIGIN}/index.html`;

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
 * Serves the popup's page as `app://keyvigil/index.html`, because a `file://` page could read any file of the user. The page has
 * no network: otherwise an attacker's script could send typed texts by WebRTC, which no content security policy stops.
 */
export async function serveRenderer(folder: string): Promise<void> {
  const popup = session.fromPartition(POPUP_PARTITION);
  await popup.setProxy(NO_NETWORK);
  popup.protocol.handle(SCHEME, async ({ url }) => {
    if (url !== PAGE_ADDRESS) return new Response('Not found', { status: 404 });
    const page = await readFile(join(folder, 'index.html'), 'utf8');
    return new Response(page, { headers: headersOf(page) });
  });
}

/** Only the script and the style sheet that are in the page may run. */
function headersOf(page: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf('script', page)}`,
    `style-src ${hashOf('style', page)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': policy.join('; '),
    'X-Content-Type-Options': 'nosniff',
  };
}

function hashOf(tag: 'script' | 'style', page: string): string {
  const content = new RegExp(`<${tag}[^>]*>(.*?)</${tag}>`, 's').exec(page)?.[1] ?? '';
  return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
}
