/**
 * The pages that a person sees when signing in. They have the fields and buttons of Microsoft's pages.
 * Their look and the names of their form fields are invented.
 */
import { page } from './answers.ts';

/** Asks for email and password. The button Cancel goes back to the application. */
export function signInPage(action: string, email: string, error?: string): Response {
  return entraPage(
    'Sign in to your account',
    `${alert(error)}${form(
      action,
      `<label>Email <input name="email" type="email" value="${escape(email)}" autofocus></label>
<label>Password <input name="password" type="password"></label>
${button('sign in', 'Sign in')} ${button('cancel', 'Cancel')}`,
    )}`,
  );
}

/** Asks a person for the code that a device shows. */
export function userCodePage(action: string, userCode: string, error?: string): Response {
  return entraPage(
    'Enter code to allow access',
    `${alert(error)}${form(
      action,
      `<label>Code <input name="user_code" value="${escape(userCode)}" autofocus></label>
${button('next', 'Next')}`,
    )}`,
  );
}

export function messagePage(message: string): Response {
  return entraPage(message, '<p>You may now close this window.</p>');
}

/** I: the status is 200, as for most of Microsoft's error pages. */
export function errorPage(message: string): Response {
  return entraPage("Sorry, but we're having trouble signing you in.", alert(message));
}

/** Carries an answer to the application in a form that submits itself (OAuth 2.0 form_post). */
export function formPostPage(action: string, fields: Record<string, string>): Response {
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${escape(value)}">`,
  );
  const content = form(action, [...inputs, '<button>Continue</button>'].join('\n'));
  return entraPage('Working…', `${content}\n<script>document.forms[0].submit()</script>`);
}

function entraPage(title: string, body: string): Response {
  return page(`<!DOCTYPE html>
<html lang="en"><head><title>${escape(title)}</title><style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 24em; margin: 10vh auto; padding: 0 1em; }
h1 { font-size: 1.4em; }
label { display: block; margin: 1em 0; }
input { display: block; box-sizing: border-box; width: 100%; padding: 0.5em; font: inherit; }
button { padding: 0.5em 1.2em; font: inherit; }
</style></head>
<body><main><h1>${escape(title)}</h1>
${body}
</main></body></html>
`);
}

function form(action: string, content: string): string {
  return `<form method="post" action="${escape(action)}">\n${content}\n</form>`;
}

function button(value: string, label: string): string {
  return `<button name="action" value="${value}">${label}</button>`;
}

function alert(message: string | undefined): string {
  return message === undefined ? '' : `<p role="alert">${escape(message)}</p>\n`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
