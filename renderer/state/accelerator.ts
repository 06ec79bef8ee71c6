import { m } from '../../main/messages/index.ts';

/** Electron's names for keys that the browser names differently (Electron's documentation, "Keyboard Shortcuts"). */
const KEY_NAMES: Readonly<Record<string, string>> = {
  ' ': 'Space',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  '+': 'Plus',
};

/** The keys whose names are translated. */
const WORDS: Readonly<Record<string, () => string>> = {
  Control: m.key_control,
  Shift: m.key_shift,
  Space: m.key_space,
  Home: m.key_home,
  End: m.key_end,
  Enter: m.key_enter,
};

/** A shortcut in words, with the names of its keys in the user's language. */
export const shortcutWords = (accelerator: string): string =>
  accelerator
    .split('+')
    .map((key) => WORDS[key]?.() ?? key)
    .join(' + ');

type Keys = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey'>;

/** The pressed keys in Electron's format; undefined if they contain neither Ctrl, Alt or Meta nor a function key. */
export function toAccelerator(keys: Keys): string | undefined {
  const { ctrlKey, altKey, shiftKey, metaKey } = keys;
  const key = keyName(keys);
  const isFunctionKey = /^F\d+$/.test(key ?? '');
  if (key === undefined || !(ctrlKey || altKey || metaKey || isFunctionKey)) return undefined;
  const modifiers = [
    ctrlKey && 'Control',
    altKey && 'Alt',
    shiftKey && 'Shift',
    metaKey && 'Super',
  ].filter((modifier) => modifier !== false);
  return [...modifiers, key].join('+');
}

/**
 * An accelerator names a key by its label, which is `key`. If Shift or Alt changed a letter or digit into another character,
 * takes the label from `code`, which names the key of a US keyboard.
 */
function keyName({ key, code }: Keys): string | undefined {
  if (/^[a-z\d]$/i.test(key)) return key.toUpperCase();
  const plain = /^(?:Key|Digit)(.)$/.exec(code)?.[1];
  if (plain !== undefined) return plain;
  if (['Control', 'Alt', 'Shift', 'Meta', 'AltGraph', 'Dead'].includes(key)) return undefined;
  return KEY_NAMES[key] ?? key;
}
