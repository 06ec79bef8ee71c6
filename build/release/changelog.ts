/** Reads and changes CHANGELOG.md, whose format https://keepachangelog.com describes. */
import { Problem } from '../runtime/report.ts';

const UNRELEASED = '## [Unreleased]';

/** Turns the section [Unreleased] into the section of a version. */
export function releaseChangelog(changelog: string, version: string, date: string): string {
  if (notesOf(changelog, 'Unreleased') === '') {
    throw new Problem('CHANGELOG.md says nothing under [Unreleased]. Write there what changed.');
  }
  return changelog.replace(UNRELEASED, `${UNRELEASED}\n\n## [${version}] - ${date}`);
}

/** @returns the text that CHANGELOG.md has about a version */
export function notesOf(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m);
  const section = sections.find((text) => text.startsWith(`[${version}]`));
  if (section === undefined) throw new Problem(`CHANGELOG.md has no section [${version}].`);
  return section.slice(section.indexOf('\n')).trim();
}
