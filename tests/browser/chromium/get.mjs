// Unpacks the browser and the libraries it brings, and prints where: {"program": …, "libraries": …}.
// Everything lands in TMPDIR, which the caller makes for this check-out alone: the parts are unpacked for their owner only.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import chromium from '@sparticuz/chromium';

const program = await chromium.executablePath();
const libraries = join(tmpdir(), 'libraries');
if (!existsSync(libraries)) {
  const fresh = libraries + '.new', archive = join(fresh, 'all.tar');
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh);
  writeFileSync(archive, brotliDecompressSync(readFileSync('node_modules/@sparticuz/chromium/bin/al2023.tar.br')));
  execFileSync('tar', ['xf', archive, '-C', fresh]);
  rmSync(archive);
  renameSync(fresh, libraries);
}
console.log(JSON.stringify({ program, libraries: join(libraries, 'lib') }));
