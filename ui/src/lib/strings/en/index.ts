// The English words of the pages that everybody meets first. Those of the pages
// behind them are in desk.ts. Together their shape is what every other language
// has to fill.

import { people } from './people'
import { player } from './player'
import { server } from './server'
import { site } from './site'
import { watch } from './watch'

export const en = { ...site, ...watch, ...player, ...people, ...server }
