import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { textsIn } from '../../test/support/texts-in-code.ts';
import { FACT_CODES } from '../systems/facts.ts';
import de from './de.json' with { type: 'json' };
import en from './en.json' with { type: 'json' };

const project = join(import.meta.dirname, '../..');
const paths = globSync('{main,renderer}/**/*.{ts,svelte}', { cwd: project })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => !/\.test\.ts$|\/compiled\//.test(path));
const sources = paths.map((path) => ({ path, source: readFileSync(join(project, path), 'utf8') }));

/** The command line and the local address use English only, because scripts read their texts. */
const ENGLISH =
  /^main\/scripts\/(command-|commands|find-account|printed-key|local-address\/(forwarder|gate|server))/;

/** The beginnings of texts that the catalogue must not have: names, and texts that are not for people. */
const NO_TEXTS = [
  ...['Keyvigil', 'NEXUS IC', 'RIB CX', 'Power Query', 'English', 'Deutsch'],
  // Selectors and shapes.
  ...[':popover-open', 'input, select', 'select:enabled', 'M1.5 8S4', 'M8 2.2l6', 'M3.5 7.5h9'],
  // Code that is copied for other programs.
  ...['key: …', 'curl ', 'Invoke-RestMethod ', '(Invoke-RestMethod', 'Json.Document('],
  ...['echo url', 'import requests', 'let\n    Answer', '<!doctype html>'],
  // For other programs and for logs.
  ...['Mozilla/5.0', 'electron application/', '[Desktop Entry]', '/Library/', 'deny', 'Not found'],
  ...['it comes from a page', 'Keyvigil does not know it', '“…” does not fit the contract'],
];

type Message = string | readonly { readonly match: Readonly<Record<string, string>> }[];
type Catalogue = Readonly<Record<string, Message>>;

const textsOf = (message: Message): readonly string[] =>
  typeof message === 'string' ? [message] : message.flatMap(({ match }) => Object.values(match));

/** The placeholders of a message. A plural form may write its number as a word. */
const valuesOf = (message: Message): readonly string[] =>
  [...new Set(textsOf(message).flatMap((text) => text.match(/\{\w+\}/g) ?? []))].sort();

describe('the catalogue', () => {
  it('has all texts that stand in the code', () => {
    const isText = (text: string) =>
      !NO_TEXTS.some((start) => text.startsWith(start)) && !FACT_CODES.includes(text);
    const found = sources
      .filter(({ path }) => !ENGLISH.test(path))
      .flatMap(({ path, source }) =>
        textsIn(path, source)
          .filter(isText)
          .map((text) => `${path}: ${text}`),
      );
    expect(found).toEqual([]);
  });

  it('has no text that is not used', () => {
    const used = new Set(
      sources.flatMap(({ source }) => [...source.matchAll(/\bm\.(\w+)/g)].map(([, key]) => key)),
    );
    expect(Object.keys(en).filter((key) => !used.has(key))).toEqual([]);
  });

  it('has each text in German, with the same values', () => {
    const values = (catalogue: Catalogue) =>
      Object.fromEntries(
        Object.entries(catalogue).map(([key, message]) => [key, valuesOf(message)]),
      );
    expect(values(de)).toEqual(values(en));
  });

  it('has its keys in order', () => {
    for (const catalogue of [en, de]) {
      expect(Object.keys(catalogue)).toEqual(Object.keys(catalogue).toSorted());
    }
  });

  it('has no text that is empty, or still English', () => {
    const german: Catalogue = de;
    const isSame = ([key, message]: [string, Message]) => {
      const [english, translated] = [textsOf(message), textsOf(german[key] ?? '')];
      return english.some((text, index) => text === translated[index] || text.trim() === '');
    };
    const same = Object.entries<Message>(en).filter(isSame);
    expect(same.map(([key]) => key)).toEqual([
      'about_computer',
      'about_version',
      'api_key_hint',
      'cloud',
      'cloud_china',
      'cloud_global',
      'desktop',
      'details',
      'json',
      'offline',
      'report_server',
      'schema',
      'system',
      'with_number',
    ]);
  });
});

describe('a text outside the catalogue is found', () => {
  it.each([
    ['x.svelte', '<p>Sign in again.</p>'],
    ['x.svelte', '<button>Copy</button>'],
    ['x.svelte', '<button aria-label="Copy"></button>'],
    ['x.svelte', '<Field label={isNew ? "Add" : m.edit()} />'],
    ['x.svelte', '{#if isOpen}<p title={`Copied ${name}`}></p>{/if}'],
    ['x.svelte', '<script lang="ts">const hint = "Not encrypted";</script>'],
    ['x.ts', 'const entries = [{ label: "Undo", run }];'],
    ['x.ts', 'return failed({ message: `${host} is busy` });'],
    ['x.ts', 'tray.setToolTip("All sessions live");'],
  ])('%s: %s', (name, source) => {
    expect(textsIn(name, source)).not.toEqual([]);
  });

  it.each([
    ['x.svelte', '<p class="quiet line" id="{id}-name">{m.copy()} · {name}</p>'],
    ['x.svelte', '<p title={state === "live" ? m.live() : undefined}></p>'],
    ['x.ts', 'throw new Error("This account does not exist any more.");'],
    ['x.ts', 'const kind: "signed in" | "other" = read(state["signed-in"]);'],
  ])('but not in %s: %s', (name, source) => {
    expect(textsIn(name, source)).toEqual([]);
  });
});
