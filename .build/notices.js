/**
 * The text of dist/third-party-notices.txt: what is bundled, and under which licence. Packages with the same words share them.
 * @param {readonly import('./bundled-packages.js').BundledPackage[]} packages
 * @throws {Error} where there is no licence text for a package.
 */
export function writeNotices(packages) {
  /** @type {Map<string, string[]>} */
  const byText = new Map();
  for (const bundled of packages) {
    const text = licenceText(bundled, packages);
    byText.set(text, [...(byText.get(text) ?? []), `${bundled.name} ${bundled.version} (${bundled.license})`]);
  }
  const parts = [...byText].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`);
  return `Keyferry contains parts of these packages.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

/**
 * What the package itself says. Some are published without the file: the Apache licence names nobody, so its text is taken
 * from another package; the MIT licence names the author.
 * @param {import('./bundled-packages.js').BundledPackage} bundled
 * @param {readonly import('./bundled-packages.js').BundledPackage[]} packages
 */
function licenceText({ name, license, author, notices }, packages) {
  if (notices.length > 0) return notices.join('\n\n');
  if (license === 'Apache-2.0') {
    const text = packages
      .flatMap((other) => other.notices)
      .find((notice) => /^\s*Apache License\s+Version 2\.0/.test(notice));
    if (text !== undefined) return text;
  }
  if (license === 'MIT' && author !== '') return mitText(author);
  throw new Error(`${name} comes without a licence text, and nothing here stands for it (${license}).`);
}

/**
 * The MIT licence, as SPDX has it.
 * @param {string} author
 */
function mitText(author) {
  return `MIT License

Copyright (c) ${author}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
}
