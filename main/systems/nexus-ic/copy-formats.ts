import { quoteForPowerShell, quoteForShell } from '../quote.ts';
import type { CopyFormat, Target } from '../system.ts';
import { baseUrl } from './address.ts';

export function copyFormats(target: Target): readonly CopyFormat[] {
  const query = (key: string) => `hash=${encodeURIComponent(key)}`;
  const url = (key: string) => `${baseUrl(target)}/version?${query(key)}`;
  return [
    { id: 'query', label: 'Query parameter', text: query },
    { id: 'url', label: 'Address of a call', text: url },
    { id: 'curl', label: 'curl command', text: (key) => `curl ${quoteForShell(url(key))}` },
    {
      id: 'powershell',
      label: 'PowerShell command',
      text: (key) => `Invoke-RestMethod -Uri ${quoteForPowerShell(url(key))}`,
    },
  ];
}
