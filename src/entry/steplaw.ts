/**
 * Step-size rules, optimizers and problems.
 *
 * @module steplaw
 */
export {}
