import { EventEmitter } from 'node:events';
import type { App, Certificate } from 'electron';
import { expect, it } from 'vitest';
import { refuseClientCertificates } from './client-certificates.ts';

it('sends no client certificate, whichever fits', () => {
  const app = new EventEmitter();
  refuseClientCertificates(app as unknown as Pick<App, 'on'>);
  const chosen: (Certificate | undefined)[] = [];
  let isPrevented = false;
  const event = { preventDefault: () => void (isPrevented = true) };
  const choose = (certificate?: Certificate) => void chosen.push(certificate);
  const fitting = [{ subjectName: 'Engineer' }];
  app.emit('select-client-certificate', event, null, 'https://nexus.example.com', fitting, choose);
  // Without `preventDefault`, Electron sends the first certificate.
  expect(isPrevented).toBe(true);
  expect(chosen).toEqual([undefined]);
});
