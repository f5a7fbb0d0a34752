import { cleaning } from './cleaning.js'
import { own } from './own.js'
import { seven } from './seven.js'

export const plays = { ...seven, ...own, W8: cleaning }
