import { m } from '../../messages/index.ts';
import { quoteForPowerShell, quoteForShell } from '../quote.ts';
import type { CopyFormat, Target } from '../system.ts';
import { baseUrl } from './address.ts';

export function copyFormats(target: Target): readonly CopyFormat[] {
  const query = (key: string) => `hash=${encodeURIComponent(key)}`;
  const url = (key: string) => `${baseUrl(target)}/version?${query(key)}`;
  return [
    { id: 'query', label: m.query_parameter, text: query },
    { id: 'url', label: m.address_of_call, text: url },
    { id: 'curl', label: m.curl_command, text: (key) => `curl ${quoteForShell(url(key))}` },
    {
      id: 'powershell',
      label: m.powershell_command,
      text: (key) => `Invoke-RestMethod -Uri ${quoteForPowerShell(url(key))}`,
    },
  ];
}
