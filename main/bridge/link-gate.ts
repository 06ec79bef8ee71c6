import { m } from '../messages/index.ts';
import { failed, success, type Result } from '../result.ts';
import { PRODUCT_PAGES } from '../product-pages.ts';
import { AUTHORITIES } from '../systems/entra/fields.ts';

/** The hosts of pages that every account may open: Microsoft's sign-in and device pages, and RIB's documented explorer. */
const KNOWN_HOSTS: readonly string[] = [
  ...Object.values(AUTHORITIES).map((authority) => new URL(authority).host),
  'login.microsoft.com',
  'microsoft.com',
  'www.microsoft.com',
  'au.itwocx.com',
];

/** Only these pages of their host may be opened, because anybody can make pages there. */
const KNOWN_PAGES: readonly string[] = Object.values(PRODUCT_PAGES);

/** The account for which a page is opened. */
export interface LinkContext {
  /** The server address of the account. */
  readonly address?: string;
  /** Another host that the user has agreed to. */
  readonly confirmedHost?: string | undefined;
}

export type LinkProblem =
  | { readonly kind: 'refused'; readonly message: string }
  /** The user must agree to this host first. */
  | { readonly kind: 'unconfirmed'; readonly host: string };

/**
 * Checks everything that Keyvigil opens in other programs.
 * @returns the parsed address. Open this address, never `text`.
 */
export function checkLink(text: string, context: LinkContext = {}): Result<string, LinkProblem> {
  if (!URL.canParse(text)) return refused(m.link_is_no_address());
  const url = new URL(text);
  const own = context.address === undefined ? undefined : new URL(context.address);
  const mayBeHttp = own?.protocol === 'http:';
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && mayBeHttp)) {
    return refused(mayBeHttp ? m.link_must_be_web() : m.link_must_be_https());
  }
  if (url.username !== '' || url.password !== '') {
    return refused(m.link_has_password());
  }
  const isKnown =
    url.host === own?.host || KNOWN_HOSTS.includes(url.host) || KNOWN_PAGES.includes(url.href);
  if (isKnown || url.host === context.confirmedHost) return success(url.href);
  return failed({ kind: 'unconfirmed', host: url.host });
}

const refused = (message: string) => failed<LinkProblem>({ kind: 'refused', message });
