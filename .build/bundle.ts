/**
 * Bundles the command line with what only it needs (argument parser, progress bars, plots), so that a user of the
 * library installs none of it. The library itself is not bundled again: the bundle imports the very modules that
 * `import 'steplaw'` gives an experiment file, and their packages stay dependencies.
 */
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { build, type Metafile, type Plugin } from 'esbuild'

/** The worker scripts of the command line, each a file of its own, since a thread starts from a file. */
const workers = (cli: string): ReadonlyArray<string> =>
  readdirSync(cli, { recursive: true, encoding: 'utf8' })
    .filter((file) => /worker[^/\\]*\.ts$/i.test(file))
    .map((file) => join(cli, file))

/** Leaves the modules of the library where `tsc` puts them: src/x.ts is ../src/x.js as seen from dist/cli. */
const library = (root: string, cli: string): Plugin => ({
  name: 'library',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.{1,2}\/.*\.js$/ }, ({ path, resolveDir }) => {
      const file = resolve(resolveDir, path)
      const inHouse = [join(root, 'src'), join(root, 'spec')].some((folder) => file.startsWith(folder + sep))
      return inHouse && !file.startsWith(cli + sep)
        ? { path: `../${relative(root, file).replaceAll(sep, '/')}`, external: true }
        : undefined
    })
  },
})

/** The licences of the packages that went into the bundle: they ask to go with it. */
const notices = (root: string, { inputs }: Metafile): string => {
  const folders = Object.keys(inputs).flatMap(
    (path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
  )
  return [...new Set(folders)]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
      const file = readdirSync(join(root, folder)).find((entry) => /^(licen[cs]e|copying)/i.test(entry))
      const text = file === undefined ? '' : readFileSync(join(root, folder, file), 'utf8').trim()
      return `${name} ${version} (${license})\n\n${text}\n`
    })
    .join(`\n${'-'.repeat(80)}\n\n`)
}

/** Writes dist/cli from src/cli, where there is one. */
export const bundle = async (root: string): Promise<void> => {
  const cli = join(root, 'src/cli')
  const main = join(cli, 'main.ts')
  if (!existsSync(main)) return
  const { dependencies }: { dependencies: { [name: string]: string } } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  )
  const out = join(root, 'dist/cli')
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [main, ...workers(cli)],
    outdir: out,
    entryNames: '[name]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    metafile: true,
    logLevel: 'warning',
    external: Object.keys(dependencies).flatMap((name) => [name, `${name}/*`]),
    plugins: [library(root, cli)],
    // CommonJS packages call `require`, which an ES module has to make for itself.
    banner: {
      js: "import { createRequire as $createRequire } from 'node:module'; const require = $createRequire(import.meta.url);",
    },
  })
  const script = join(out, 'main.js')
  const text = readFileSync(script, 'utf8')
  if (!text.startsWith('#!')) writeFileSync(script, `#!/usr/bin/env node\n${text}`)
  chmodSync(script, 0o755)
  writeFileSync(join(out, 'THIRD-PARTY-LICENSES.txt'), notices(root, metafile))
}
