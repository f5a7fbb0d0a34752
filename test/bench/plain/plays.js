import { own } from './own.js'
import { seven } from './seven.js'

export const plays = { ...seven, ...own }
