/** Packs this package and installs the tarball into an empty folder, without network. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../..')

export interface Manifest {
  readonly name: string
  readonly exports: { readonly [path: string]: string | { readonly [condition: string]: string } }
  readonly dependencies: { readonly [name: string]: string }
}

export const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

/** `npm` as a plain program: its own JavaScript run by this Node. */
const npm = (cwd: string, ...args: ReadonlyArray<string>): string => {
  const script = process.env.npm_execpath
  const quiet = ['--ignore-scripts', '--offline', '--no-audit', '--no-fund', '--loglevel=error']
  return script !== undefined && /npm-cli\.js$/.test(script)
    ? execFileSync(process.execPath, [script, ...args, ...quiet], { cwd, encoding: 'utf8' })
    : execFileSync('npm', [...args, ...quiet], { cwd, encoding: 'utf8' })
}

/** The folders of the packages that a package needs to run, its own first. */
const needed = (folder: string, seen: ReadonlySet<string> = new Set()): ReadonlySet<string> =>
  Object.keys(readManifest(folder).dependencies ?? {}).reduce<ReadonlySet<string>>(
    (found, name) => {
      const nested = join(folder, 'node_modules', name)
      const next = existsSync(nested) ? nested : join(root, 'node_modules', name)
      return found.has(next) ? found : needed(next, found)
    },
    new Set([...seen, folder]),
  )

export interface Installed {
  /** The tarball of this package. */
  readonly tarball: string
  /** An otherwise empty package that has it, and nothing else, in its node_modules. */
  readonly folder: string
}

/**
 * Packs and installs. The dependencies are packed out of our own node_modules, so that npm resolves them as it would
 * for a user, version ranges included, and asks no registry.
 */
export const install = (): Installed => {
  const base = mkdtempSync(join(tmpdir(), 'steplaw-package-'))
  const tarballs = join(base, 'tarballs')
  const folder = join(base, 'user')
  mkdirSync(tarballs)
  mkdirSync(folder)
  npm(root, 'pack', '--pack-destination', tarballs, ...needed(root))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'user', private: true, type: 'module' }))
  const packed = readdirSync(tarballs).map((file) => join(tarballs, file))
  npm(folder, 'install', ...packed)
  const tarball = packed.find((file) => /[/\\]steplaw-[^/\\]*\.tgz$/.test(file))
  if (tarball === undefined) throw new Error('npm pack made no tarball of this package')
  return { tarball, folder }
}
