import { expect, it } from 'vitest';
import { Prompts } from './prompts.ts';

const ADDRESS = 'https://microsoft.com/devicelogin';

it('each sign-in has its own prompt, and ends no other', () => {
  const prompts = new Prompts({
    openBrowser: async () => {},
    openWindow: async () => undefined,
    onChange: () => {},
    onReturn: () => {},
  });
  const [one, other] = ['a', 'b'].map((id) => prompts.interactionFor({ id, name: 'Tunnel' }));
  one?.code('FIRST', ADDRESS, 1);
  other?.code('SECOND', ADDRESS, 1);
  expect(prompts.all).toMatchObject([{ code: 'FIRST' }, { code: 'SECOND' }]);
  other?.end();
  expect(prompts.all).toMatchObject([{ id: 'a', code: 'FIRST' }]);
});
