/** electron-builder signs, and asks Apple to notarize, with what these variables name. docs/packaging.md says what they are. */
const SIGNING = ['CSC_LINK', 'CSC_KEY_PASSWORD'];
const NOTARIZING = ['APPLE_API_KEY', 'APPLE_API_KEY_ID', 'APPLE_API_ISSUER'];

const NEEDED: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  win32: SIGNING,
  darwin: [...SIGNING, ...NOTARIZING],
};

/** Says what will not be signed, and why; undefined if all will be, or if this platform signs nothing. */
export function missingSigning(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const missing = NEEDED[platform]?.filter((name) => !env[name]) ?? [];
  if (missing.length === 0) return undefined;
  const consequence =
    platform === 'darwin'
      ? 'macOS will refuse to open it until its user allows it, and notifications and updates will not work'
      : 'Windows will warn before it runs';
  return `Not signed, because ${missing.join(', ')} is not set: ${consequence}.`;
}
