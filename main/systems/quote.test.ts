import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteForPowerQuery, quoteForPowerShell, quoteForShell } from './quote.ts';

const ATTACK = 'x"; id; "$(id)`id`\'; id #';

describe('a quoted text', () => {
  it('is one word of a shell command, whatever is in it', () => {
    const words = fc.array(
      fc.oneof(
        fc.stringMatching(/^[ -~]{0,20}$/),
        fc.string().filter((text) => !text.includes('\0')),
        fc.constant(ATTACK),
      ),
      { minLength: 1, maxLength: 100 },
    );
    fc.assert(
      fc.property(words, (texts) => {
        const command = `printf '%s\\0' ${texts.map(quoteForShell).join(' ')}`;
        const printed = execFileSync('sh', ['-c', command], { encoding: 'utf8' });
        expect(printed.split('\0').slice(0, -1)).toEqual(texts);
      }),
      { numRuns: 20 },
    );
  });

  it('has no single quote of PowerShell that is not doubled', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("'", '‘', '’', '‚', '‛', 'a', '$') }),
        (text) => {
          const inner = quoteForPowerShell(text).slice(1, -1);
          expect(inner.replace(/(['‘’‚‛])\1/g, '')).not.toMatch(/['‘’‚‛]/);
          expect(inner.replace(/(['‘’‚‛])\1/g, '$1')).toBe(text);
        },
      ),
    );
  });

  it('has no quote and no escape of M that is not escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('"', '#', '(', ')', 'a') }), (text) => {
        const inner = quoteForPowerQuery(text).slice(1, -1);
        expect(inner.replaceAll('""', '')).not.toContain('"');
        expect(inner.replaceAll('""', '"').replaceAll('#(#)', '#')).toBe(text);
      }),
    );
  });

  it('is put in double quotes, for every shell, if nothing in it is special', () => {
    expect(quoteForShell('https://nexus.example.com/data/icweb.dll/version?hash=AB12')).toBe(
      '"https://nexus.example.com/data/icweb.dll/version?hash=AB12"',
    );
  });
});
