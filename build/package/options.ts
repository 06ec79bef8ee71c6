import { parseArgs } from 'node:util';
import { Problem } from '../runtime/report.ts';

export interface PackageOptions {
  readonly format: 'deb' | 'rpm';
  /** The path of the package to write. */
  readonly file: string;
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly summary: string;
  readonly description: string;
  readonly maintainer: string;
  readonly vendor: string;
  readonly homepage: string;
  readonly license: string;
  readonly category: string;
  readonly priority: string;
  readonly compression: string;
  readonly depends: readonly string[];
  readonly recommends: readonly string[];
  /** The paths of the two scripts, which run as root. */
  readonly afterInstall: string;
  readonly afterRemove: string;
  /** Each path is `FROM=TO`. */
  readonly paths: readonly string[];
}

/**
 * This environment variable overrides the compression that electron-builder chooses.
 * electron-builder would not pass on a variable with KEY in its name.
 */
export const COMPRESSION = 'FPM_COMPRESSION';

const one = { type: 'string' } as const;
const many = { type: 'string', multiple: true, default: [] as string[] } as const;

/**
 * Reads the options of fpm that electron-builder uses.
 * @throws for any other option, so that no option is lost
 */
export function readOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): PackageOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      input: { ...one, short: 's' },
      output: { ...one, short: 't' },
      force: { type: 'boolean' },
      depends: { ...many, short: 'd' },
      'deb-recommends': many,
      package: one,
      name: one,
      version: one,
      architecture: one,
      description: one,
      maintainer: one,
      vendor: one,
      url: one,
      license: one,
      category: one,
      'after-install': one,
      'after-remove': one,
      'deb-priority': { ...one, default: 'optional' },
      'deb-compression': one,
      'rpm-compression': one,
      'rpm-summary': one,
      'rpm-os': one,
    },
  });
  const required = (name: Exclude<keyof typeof values, 'force' | 'depends' | 'deb-recommends'>) => {
    const value = values[name];
    if (value === undefined) throw new Problem(`--${name} is missing.`);
    return value;
  };
  const format = required('output');
  if (format !== 'deb' && format !== 'rpm') throw new Problem(`${format} is neither deb nor rpm.`);
  // electron-builder puts a .deb's summary into the first line of the description.
  const [firstLine = '', ...lines] = required('description').trim().split('\n');
  return {
    format,
    file: required('package'),
    name: required('name'),
    version: required('version'),
    architecture: required('architecture'),
    summary: values['rpm-summary'] ?? firstLine,
    description: (format === 'rpm' ? [firstLine, ...lines] : lines).join('\n').trim(),
    maintainer: required('maintainer'),
    vendor: required('vendor'),
    homepage: required('url'),
    license: required('license'),
    category: required('category'),
    priority: required('deb-priority'),
    compression: env[COMPRESSION] ?? required(`${format}-compression`),
    depends: values.depends,
    recommends: values['deb-recommends'],
    afterInstall: required('after-install'),
    afterRemove: required('after-remove'),
    paths: positionals,
  };
}
