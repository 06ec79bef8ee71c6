import { describe, expect, it } from 'vitest';
import { systems } from '../systems/index.ts';
import {
  findMethod,
  readForm,
  signsInAlike,
  toFormProblem,
  type AccountForm,
} from './account-form.ts';

const GUID = '52e5f8a4-8b0e-455f-9df4-5beb7c37dd18';

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
  it('separates what is secret, trims what is not exact, and keeps a password as it is', () => {
    expect(readForm(form(), systems)).toMatchObject({
      value: {
        saved: { name: 'Plant', values: { userName: 'engineer1' } },
        secretValues: { password: ' blanks count ' },
      },
    });
  });

  it('drops the blanks around a pasted API key', () => {
    const pasted = form({ method: 'api-key', values: { apiKey: '\n KEY \t' } });
    expect(readForm(pasted, systems)).toMatchObject({ value: { secretValues: { apiKey: 'KEY' } } });
  });

  it('names an account without a name after its server', () => {
    expect(readForm(form({ name: '' }), systems)).toMatchObject({
      value: { saved: { name: 'nexus.example.com' } },
    });
  });

  it.each([
    [{ address: 'ftp://nexus' }, 'address'],
    [{ address: '' }, 'address'],
    [{ address: 'https://me:pw@nexus.example.com' }, 'address'],
    [{ values: { userName: 'engineer1' } }, 'password'],
    [{ values: { userName: ' ', password: 'x' } }, 'userName'],
    [{ values: { userName: 'a:b', password: 'x' } }, 'userName'],
  ])('names the wrong field of %j', (changes, field) => {
    expect(readForm(form(changes), systems)).toMatchObject({ ok: false, error: { field } });
  });

  it.each(['elsewhere', 'constructor', '__proto__'])(
    'takes only choices that it offers: %s',
    (cloud) => {
      const values = {
        clientId: GUID,
        tenant: 'common',
        style: 'browser',
        cloud,
        apiVersion: 'latest',
      };
      const other = { system: 'rib-cx', method: 'microsoft', address: 'au.itwocx.com' };
      expect(readForm(form({ ...other, values: { ...values, cloud: 'global' } }), systems).ok).toBe(
        true,
      );
      expect(readForm(form({ ...other, values }), systems)).toMatchObject({
        ok: false,
        error: { field: 'cloud' },
      });
    },
  );

  it('takes the stored secret if none was typed', () => {
    const edited = form({ values: { userName: 'engineer1', password: '' } });
    expect(readForm(edited, systems, { password: 'stored' })).toMatchObject({
      value: { secretValues: { password: 'stored' } },
    });
  });
});

describe('a refused sign-in', () => {
  it.each([
    ['nexus-ic', 'password', 'password'],
    ['nexus-ic', 'api-key', 'apiKey'],
    ['nexus-ic', 'email-token', 'emailToken'],
    ['rib-cx', 'password', 'password'],
  ])('of %s by %s is shown beside %s', (system, method, field) => {
    const found = findMethod(systems, { system, method })!;
    expect(toFormProblem({ kind: 'refused', message: 'Refused.' }, found.method)).toEqual({
      message: 'Refused.',
      field,
    });
  });

  it('is shown beside no field if the server was never asked', () => {
    const { method } = findMethod(systems, { system: 'rib-cx', method: 'password' })!;
    const failure = { kind: 'unexpected', message: 'Odd.' } as const;
    expect(toFormProblem(failure, method)).toEqual({ message: 'Odd.' });
  });
});

describe('two accounts', () => {
  const { method } = findMethod(systems, { system: 'rib-cx', method: 'password' })!;
  const account = (values: Record<string, string>) => ({
    system: 'rib-cx',
    method: 'password',
    address: 'https://au.itwocx.com',
    values: { email: 'ada@example.com', ...values },
  });

  it('sign in alike if only a field differs that the server never sees', () => {
    const explorer = account({ explorerAddress: 'https://explorer.example.com' });
    expect(signsInAlike(account({}), explorer, method)).toBe(true);
  });

  it('sign in differently if the API version differs', () => {
    const other = account({ apiVersion: '24.08' });
    expect(signsInAlike(account({}), other, method)).toBe(false);
  });
});
