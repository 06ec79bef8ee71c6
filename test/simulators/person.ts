/** A person in front of Microsoft's pages, without a browser: fills in forms by fetch. */
export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

export interface Form {
  action: string;
  fields: Record<string, string>;
}

/** The form on one of the Entra simulator's pages, its address resolved; throws where there is none. */
export function formIn(html: string, url: string): Form {
  const action = /<form[^>]* action="([^"]*)"/.exec(html)?.[1];
  if (action === undefined) throw new Error(`There is no form on this page:\n${html}`);
  const inputs = [...html.matchAll(/<input[^>]* name="([^"]*)"(?:[^>]* value="([^"]*)")?/g)];
  return {
    action: new URL(unescape(action), url).href,
    fields: Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, unescape(value)])),
  };
}

function unescape(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}

/** Sends a form; a redirect that answers it is not followed. */
export function submit(fetch: Fetch, { action, fields }: Form): Promise<Response> {
  const body = new URLSearchParams(fields);
  return fetch(action, { method: 'POST', body, redirect: 'manual' });
}

export interface Person {
  email: string;
  password: string;
  /** Whether to go on where a page asks for that; default true. */
  accepts?: boolean;
}

/**
 * Signs in at the address of an authorize request or a device page.
 * @param userCode what a device shows, on its page
 * @returns the redirect or page that comes of it
 */
export async function signInAt(
  fetch: Fetch,
  url: string,
  { email, password, accepts = true }: Person,
  userCode?: string,
): Promise<Response> {
  let at = await fetch(url, { redirect: 'manual' });
  if (userCode !== undefined) at = await next(fetch, at, { user_code: userCode, action: 'next' });
  at = await next(fetch, at, { email, password, action: 'sign in' });
  const asks = (await textOf(at)).includes('value="accept"');
  return asks ? next(fetch, at, { action: accepts ? 'accept' : 'cancel' }) : at;
}

/** Presses `Cancel` on the sign-in page. */
export async function cancelAt(fetch: Fetch, url: string): Promise<Response> {
  return next(fetch, await fetch(url, { redirect: 'manual' }), { action: 'cancel' });
}

async function next(fetch: Fetch, at: Response, fields: Record<string, string>): Promise<Response> {
  const form = formIn(await textOf(at), at.url);
  return submit(fetch, { ...form, fields: { ...form.fields, ...fields } });
}

/** What the application is told: in the query of a redirect, or in a form to be posted to it. */
export async function replyIn(answer: Response): Promise<Form> {
  const location = answer.headers.get('location');
  if (location === null) return formIn(await textOf(answer), answer.url);
  const { origin, pathname, searchParams } = new URL(location);
  return { action: origin + pathname, fields: Object.fromEntries(searchParams) };
}

function textOf(answer: Response): Promise<string> {
  return answer.clone().text();
}
