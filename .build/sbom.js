/**
 * The parts of the bundle as a CycloneDX 1.6 document (https://cyclonedx.org/docs/1.6/json/). It has no time and no serial
 * number, so that the same sources give the same file.
 * @param {{ name: string, version: string, license: string, description: string }} program
 * @param {readonly import('./bundled-packages.js').BundledPackage[]} packages
 */
export function writeSbom(program, packages) {
  const root = {
    type: 'application',
    'bom-ref': packageUrl(program),
    name: program.name,
    version: program.version,
    description: program.description,
    licenses: [licenceOf(program.license)],
    purl: packageUrl(program),
  };
  const sbom = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: root },
    components: packages.map((bundled) => ({
      type: 'library',
      'bom-ref': packageUrl(bundled),
      name: bundled.name,
      version: bundled.version,
      licenses: [licenceOf(bundled.license)],
      purl: packageUrl(bundled),
      hashes: [
        { alg: 'SHA-512', content: Buffer.from(bundled.integrity.slice('sha512-'.length), 'base64').toString('hex') },
      ],
    })),
    dependencies: [{ ref: packageUrl(program), dependsOn: packages.map(packageUrl) }],
  };
  return `${JSON.stringify(sbom, undefined, 2)}\n`;
}

/**
 * A single licence by its SPDX id, anything else as an expression.
 * @param {string} license
 */
function licenceOf(license) {
  return /^[\w.-]+$/.test(license) ? { license: { id: license } } : { expression: license };
}

/**
 * @param {{ name: string, version: string }} named
 * @returns its package URL (https://github.com/package-url/purl-spec); the scope's @ is written as %40
 */
export function packageUrl({ name, version }) {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}
