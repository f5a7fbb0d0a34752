import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/**
 * Writes a small package into a folder of its own, with this repository's node_modules, gives it to `use` and removes
 * it again.
 */
export const withPackage = async <A>(
  files: { readonly [path: string]: string },
  use: (folder: string) => Promise<A>,
): Promise<A> => {
  const folder = mkdtempSync(join(tmpdir(), 'steplaw-'))
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), content)
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
