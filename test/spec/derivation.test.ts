/** The golden vectors are as a second implementation, with other arithmetic, derives them. */
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { python } from './python.js'
import { caseFiles, root } from './read.js'

test.skipIf(python === undefined)(
  python === undefined
    ? 'the files are as derived (skipped: there is no python3)'
    : 'the files are as derived by the second implementation, away from every decision',
  () => {
    const run = spawnSync(python ?? '', ['-B', 'spec/vector/derive', '--check'], {
      cwd: root,
      encoding: 'utf8',
    })
    expect(run.stdout + run.stderr).toBe(`${caseFiles().length} files as derived\n`)
    expect(run.status).toBe(0)
  },
  // A quarter of a minute where nothing else runs.
  300_000,
)
