/** `npm run build`: the sources to dist/src and dist/spec with tsc, the command line to dist/cli with esbuild. */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { bundle } from './bundle.js'

const root = join(import.meta.dirname, '..')
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')

rmSync(join(root, 'dist'), { recursive: true, force: true })
const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, 'src')], { stdio: 'inherit' })
if (status === 0) await bundle(root)
process.exitCode = status ?? 1
