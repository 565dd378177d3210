// Bundles src/ into the folder given: scripts and editor styles by esbuild, the site's style by sass.
// The site's style does not go through esbuild: govuk-frontend carries an old-browser rule esbuild warns about.
import * as esbuild from 'esbuild';
import * as sass from 'sass';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [out, ...flags] = process.argv.slice(2);
// one bundle per script directly in src/; what they share lies in its folders
const entries = readdirSync('src').filter(name => name.endsWith('.js')).map(name => name.slice(0, -3));

await esbuild.build({
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
