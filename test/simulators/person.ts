/** Acts as a person on Microsoft's pages, without a browser. Forms are sent with `fetch`. */

type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

interface Form {
  action: string;
  fields: Record<string, string>;
}

/** Sends a form, and does not follow a redirect. */
export function submit(fetch: Fetch, { action, fields }: Form): Promise<Response> {
  const body = new URLSearchParams(fields);
  return fetch(action, { method: 'POST', body, redirect: 'manual' });
}

/**
 * Signs in on the page of an authorize request, or on the device page.
 * @param userCode the code that the device shows
 * @returns the redirect or page at the end
 */
export async function signInAt(
  fetch: Fetch,
  url: string,
  { email, password }: { email: string; password: string },
  userCode?: string,
): Promise<Response> {
  const page = await fetch(url, { redirect: 'manual' });
  const signInPage =
    userCode === undefined ? page : await fillIn(fetch, page, { user_code: userCode });
  return fillIn(fetch, signInPage, { email, password, action: 'sign in' });
}

/** Presses the button Cancel on the sign-in page. */
export async function cancelAt(fetch: Fetch, url: string): Promise<Response> {
  return fillIn(fetch, await fetch(url, { redirect: 'manual' }), { action: 'cancel' });
}

/** @returns what the application receives: the query of a redirect, or the fields of a form */
export async function replyIn(answer: Response): Promise<Form> {
  const location = answer.headers.get('location');
  if (location === null) return formIn(answer);
  const { origin, pathname, searchParams } = new URL(location);
  return { action: origin + pathname, fields: Object.fromEntries(searchParams) };
}

async function fillIn(
  fetch: Fetch,
  page: Response,
  fields: Record<string, string>,
): Promise<Response> {
  const form = await formIn(page);
  return submit(fetch, { ...form, fields: { ...form.fields, ...fields } });
}

async function formIn(page: Response): Promise<Form> {
  const html = await page.clone().text();
  const action = /<form[^>]* action="([^"]*)"/.exec(html)?.[1];
  if (action === undefined) throw new Error(`There is no form on this page:\n${html}`);
  const inputs = [...html.matchAll(/<input[^>]* name="([^"]*)"(?:[^>]* value="([^"]*)")?/g)];
  return {
    action: new URL(unescape(action), page.url).href,
    fields: Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, unescape(value)])),
  };
}

function unescape(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}
