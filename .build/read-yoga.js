import { readFileSync } from 'node:fs';

/** How Yoga reads its own WebAssembly, which is base64 text in its code, and what takes the place of that. */
const replacements = [
  ['"function"!=typeof fetch', 'true'],
  [
    /var b=xa\(a\.slice\(37\)\),c=new Uint8Array\(b\.length\);for\(.*?\)c\[a\]=b\.charCodeAt\(a\);var d=c/,
    'var d=Buffer.from(a.slice(37),"base64")',
  ],
];

/**
 * Lets Yoga, which lays out Ink's frames, decode its WebAssembly itself. Yoga gives it to fetch as a data URL otherwise, and
 * then Node loads its whole HTTP client before the first frame.
 * @type {import('esbuild').Plugin}
 */
export const readYoga = {
  name: 'read Yoga without fetch',
  setup(build) {
    build.onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, ({ path }) => {
      let contents = readFileSync(path, 'utf8');
      for (const [from, to] of replacements) {
        const before = contents;
        contents = contents.replace(from, () => to);
        if (contents === before) throw new Error(`Yoga reads its WebAssembly in another way now: ${from} is gone.`);
      }
      return { contents };
    });
  },
};
