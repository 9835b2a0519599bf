// The English words of pages that are fetched when they are needed: the account,
// the dashboard and the admin's. They come with those pages (lib/desk.ts).

import { account } from './account'
import { admin } from './admin'
import { audience } from './audience'
import { chatActs } from './chatacts'
import { dashboard } from './dashboard'
import { settings } from './settings'
import { stream } from './stream'
import { webhooks } from './webhooks'

export const desk = {
  ...dashboard,
  ...stream,
  ...settings,
  ...account,
  ...admin,
  ...webhooks,
  ...audience,
  chatActs,
}
