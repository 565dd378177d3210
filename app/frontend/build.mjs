// Bundles src/ into the folder given: scripts and editor styles by esbuild, the site's style by sass.
// The site's style does not go through esbuild: govuk-frontend carries an old-browser rule esbuild warns about.
import * as esbuild from 'esbuild';
import * as sass from 'sass';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [out, ...flags] = process.argv.slice(2);
// one bundle per script directly in src/; what they share lies in its folders
const entries = readdirSync('src').filter(name => name.endsWith('.js')).map(name => name.slice(0, -3));

// The code editor inside dmn-js and form-js writes <style> elements, which our content policy refuses. Its own other way,
// constructed style sheets, needs no exception: take that one always.
const constructedStyles = {
  name: 'constructed-styles',
  setup(build) {
    build.onLoad({ filter: /style-mod[\\/](src|dist)[\\/]style-mod\.(js|cjs)$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8'), wanted = '!root.head && root.adoptedStyleSheets';
      if (!source.includes(wanted)) throw new Error(`Expected «${wanted}» in ${path}: look how it makes its styles now`);
      return { contents: source.replace(wanted, 'root.adoptedStyleSheets'), loader: 'js' };
    });
  }
};

await esbuild.build({
  plugins: [constructedStyles],
  entryPoints: Object.fromEntries(entries.map(name => [name, `src/${name}.js`])),
  outdir: out,
  entryNames: '[name]',
  chunkNames: 'chunks/[name]-[hash]',
  assetNames: 'assets/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  target: ['es2022'],
  minify: true,
  sourcemap: flags.includes('--sourcemap'),
  loader: { '.woff2': 'file', '.woff': 'file', '.ttf': 'file', '.eot': 'empty', '.svg': 'file', '.json': 'json' },
  external: ['/assets/*'],
  legalComments: 'linked',
  logLevel: 'warning'
});

mkdirSync(out, { recursive: true });
const style = sass.compile('src/site.scss', { style: 'compressed', loadPaths: ['node_modules'], quietDeps: true });
writeFileSync(join(out, 'site.css'), style.css);
