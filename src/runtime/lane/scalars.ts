import { cos, log, log1p, pow, sin } from '../../numeric/index.js'
import type { Func } from '../assembler/code.js'
import type { Module } from '../assembler/module.js'
import type { BinaryScalar, UnaryScalar } from './lanes.js'

/** The scalar functions as a module knows them. */
export type Scalars = { readonly [N in UnaryScalar | BinaryScalar]: Func }

/** What a module that called {@link importScalars} wants among its imports when it is instantiated. */
export const scalarFunctions: {
  readonly [N in UnaryScalar | BinaryScalar]: (...x: [number, number]) => number
} = {
  cos,
  log,
  log1p,
  pow,
  sin,
}

/** Imports the functions that kernels send rare arguments to; before the first function of the module. */
export const importScalars = (module: Module): Scalars => ({
  cos: module.import('cos', ['f64'], ['f64']),
  log: module.import('log', ['f64'], ['f64']),
  log1p: module.import('log1p', ['f64'], ['f64']),
  pow: module.import('pow', ['f64', 'f64'], ['f64']),
  sin: module.import('sin', ['f64'], ['f64']),
})
