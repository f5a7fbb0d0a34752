import type { Inputs, WorkloadName } from '../inputs.js'
import type { Play } from '../protocol.js'

/** Every workload as plain loops over doubles. */
export declare const plays: { readonly [K in WorkloadName]: (inputs: Inputs) => Play }
