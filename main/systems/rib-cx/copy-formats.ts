import { m } from '../../messages/index.ts';
import { quoteForPowerShell, quoteForShell } from '../quote.ts';
import type { CopyFormat, Target } from '../system.ts';
import { apiUrl } from './address.ts';

export function copyFormats(target: Target): readonly CopyFormat[] {
  const url = `${apiUrl(target)}/Api/Project/Get?skip=0&take=10`;
  return [
    { id: 'header', label: m.request_header, text: (key) => `key: ${key}` },
    {
      id: 'curl',
      label: m.curl_command,
      text: (key) =>
        `curl -A "Mozilla/5.0" -H ${quoteForShell(`key: ${key}`)} ${quoteForShell(url)}`,
    },
    {
      id: 'powershell',
      label: m.powershell_command,
      text: (key) =>
        `Invoke-RestMethod -UserAgent 'Mozilla/5.0' -Headers @{ key = ${quoteForPowerShell(key)} } -Uri ${quoteForPowerShell(url)}`,
    },
  ];
}
