// `node .github/scripts/release-notes.mjs v1.2.3`: prints the section of that version in CHANGELOG.md.
// Exit code 1 when package.json has another version or the section is missing or empty.
import { readFileSync } from 'node:fs';

const tag = process.argv[2] ?? '';
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const notes = sectionOf(readFileSync('CHANGELOG.md', 'utf8'), version);

if (tag !== `v${version}`) {
  fail(`The tag is ${tag || 'missing'}, and package.json has version ${version}.`);
} else if (notes === '') {
  fail(`CHANGELOG.md has nothing under “## [${version}]”.`);
} else {
  console.log(notes);
}

/** What stands between the heading of a version and the next heading of its level. */
function sectionOf(changelog, wanted) {
  const sections = changelog.split(/^## /m).slice(1);
  const found = sections.find((section) => section.startsWith(`[${wanted}]`)) ?? '';
  return found.split('\n').slice(1).join('\n').trim();
}

function fail(message) {
  console.error(`✗ ${message}`);
  process.exitCode = 1;
}
