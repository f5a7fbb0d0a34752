/**
 * The library: `steplaw.ts exact 2` compiles for two threads, `steplaw.ts fast 2` does so in fast mode, `steplaw.ts blas 2` with a BLAS
 * besides, and `steplaw.ts interpreter` interprets.
 */
import { Engine } from '../../../src/runtime/engine.js'
import { interpret } from '../../../src/runtime/interpret.js'
import { interpretStaged } from '../../../src/runtime/staged.js'
import { absent, serve } from '../protocol.js'
import { play } from '../workload/workload.js'

const [, , kind, count] = process.argv
const threads = Number(count ?? 1)
const notices: string[] = []
const engine =
  kind === 'interpreter'
    ? null
    : new Engine({
        threads,
        mode: kind === 'exact' ? 'exact' : 'fast',
        blas: kind === 'blas',
        notice: (message) => notices.push(message),
      })

if (kind === 'blas' && engine?.features.includes('blas') !== true)
  absent(notices.find((message) => message.startsWith('blas')))

// Starting threads is no part of a first call.
while ((engine?.ready() ?? threads) < threads) await new Promise((resolve) => setTimeout(resolve, 5))

const features = engine?.features.join(', ') ?? ''
await serve(`Node ${process.versions.node}${features === '' ? '' : ` (${features})`}`, (name, inputs) =>
  play(name, inputs, { engine: engine ?? { compile: interpret, stage: interpretStaged } }),
)
