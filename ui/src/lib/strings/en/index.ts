// The English catalogue. Its shape is what every other language has to fill.

import { account } from './account'
import { admin } from './admin'
import { dashboard } from './dashboard'
import { people } from './people'
import { player } from './player'
import { server } from './server'
import { settings } from './settings'
import { site } from './site'
import { stream } from './stream'
import { watch } from './watch'
import { webhooks } from './webhooks'

export const en = {
  ...site,
  ...watch,
  ...player,
  ...dashboard,
  ...stream,
  ...settings,
  ...people,
  ...account,
  ...admin,
  ...webhooks,
  ...server,
}
