/** The library: `steplaw.ts engine 2` compiles for two threads, `steplaw.ts interpreter` interprets. */
import { compile, simplify } from 'steplaw/autodiff'
import { Engine } from '../../../src/runtime/engine.js'
import { interpret } from '../../../src/runtime/interpret.js'
import { serve } from '../protocol.js'
import { play } from '../workload/workload.js'

const [, , kind, count] = process.argv
const threads = Number(count ?? 1)
const engine = kind === 'interpreter' ? null : new Engine({ threads })

// Starting threads is no part of a first call.
while ((engine?.ready() ?? threads) < threads) await new Promise((resolve) => setTimeout(resolve, 5))

await serve(`Node ${process.versions.node}`, (name, inputs) =>
  play(name, inputs, (ir, bound) =>
    engine === null ? interpret(simplify(ir), bound) : compile(ir, bound, { engine }),
  ),
)
