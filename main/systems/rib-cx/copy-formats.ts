import { quoteForPowerShell, quoteForShell } from '../quote.ts';
import type { CopyFormat, Target } from '../system.ts';
import { apiUrl } from './address.ts';

export function copyFormats(target: Target): readonly CopyFormat[] {
  const url = `${apiUrl(target)}/Api/Project/Get?skip=0&take=10`;
  return [
    { id: 'header', label: 'Request header', text: (key) => `key: ${key}` },
    {
      id: 'curl',
      label: 'curl command',
      text: (key) =>
        `curl -A "Mozilla/5.0" -H ${quoteForShell(`key: ${key}`)} ${quoteForShell(url)}`,
    },
    {
      id: 'powershell',
      label: 'PowerShell command',
      text: (key) =>
        `Invoke-RestMethod -UserAgent 'Mozilla/5.0' -Headers @{ key = ${quoteForPowerShell(key)} } -Uri ${quoteForPowerShell(url)}`,
    },
  ];
}
