/**
 * steplaw/autodiff
 *
 * @module steplaw/autodiff
 */
export {}
