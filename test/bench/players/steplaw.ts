/** The library: `steplaw.ts engine` compiles, `steplaw.ts interpreter` interprets. */
import { compile, simplify } from 'steplaw/autodiff'
import { interpret } from '../../../src/runtime/interpret.js'
import { serve } from '../protocol.js'
import { play } from '../workload/workload.js'

const interpreted = process.argv[2] === 'interpreter'

await serve(`Node ${process.versions.node}`, (name, inputs) =>
  play(name, inputs, interpreted ? (ir, bound) => interpret(simplify(ir), bound) : compile),
)
