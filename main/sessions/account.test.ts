import { describe, expect, it } from 'vitest';
import { systems } from '../systems/index.ts';
import { readForm, type AccountForm } from './account.ts';

const form = (changes: Partial<AccountForm> = {}): AccountForm => ({
  system: 'nexus-ic',
  name: ' Plant ',
  address: 'nexus.example.com',
  method: 'password',
  values: { userName: ' engineer1 ', password: ' blanks count ' },
  remember: true,
  keepAliveMinutes: 8,
  ...changes,
});

describe('reading the form', () => {
  it('parts what is secret, trims what is not exact, and keeps a password to the letter', () => {
    expect(readForm(form(), systems)).toMatchObject({
      ok: true,
      account: { name: 'Plant', values: { userName: 'engineer1' } },
      secretValues: { password: ' blanks count ' },
    });
  });

  it('drops the blanks around a pasted API key', () => {
    const pasted = form({ method: 'api-key', values: { apiKey: '\n KEY \t' } });
    expect(readForm(pasted, systems)).toMatchObject({ secretValues: { apiKey: 'KEY' } });
  });

  it('names the account after its server where it has no name', () => {
    expect(readForm(form({ name: '' }), systems)).toMatchObject({
      account: { name: 'nexus.example.com' },
    });
  });

  it.each([
    [{ address: 'ftp://nexus' }, 'address'],
    [{ address: '' }, 'address'],
    [{ address: 'https://me:pw@nexus.example.com' }, 'address'],
    [{ values: { userName: 'engineer1' } }, 'password'],
    [{ values: { userName: ' ', password: 'x' } }, 'userName'],
    [{ values: { userName: 'a:b', password: 'x' } }, 'userName'],
  ])('blames the right field of %j', (changes, field) => {
    expect(readForm(form(changes), systems)).toMatchObject({ ok: false, problem: { field } });
  });

  it('takes a stored secret where none was typed', () => {
    const edited = form({ values: { userName: 'engineer1', password: '' } });
    expect(readForm(edited, systems, { password: 'stored' })).toMatchObject({
      secretValues: { password: 'stored' },
    });
  });
});
