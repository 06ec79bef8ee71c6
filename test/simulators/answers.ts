/** The answers that every simulator gives. */

export const HTML = { 'content-type': 'text/html; charset=utf-8' };

export function page(html: string, status = 200): Response {
  return new Response(html, { status, headers: HTML });
}

export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  const type = { 'content-type': 'application/json; charset=utf-8' };
  return new Response(JSON.stringify(value), { status, headers: { ...type, ...headers } });
}
