// The German catalogue. It says "du", and calls things as streamers do: Stream,
// Clip, Kanal, Aufzeichnung, Encoder, Streamschlüssel.

import type { Catalogue } from '../../strings'
import { account } from './account'
import { admin } from './admin'
import { audience } from './audience'
import { chatActs } from './chatacts'
import { dashboard } from './dashboard'
import { people } from './people'
import { player } from './player'
import { refusals } from './refusals'
import { settings } from './settings'
import { site } from './site'
import { stream } from './stream'
import { verdicts } from './verdicts'
import { watch } from './watch'
import { webhooks } from './webhooks'

export const de: Catalogue = {
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
  ...audience,
  chatActs,
  ...refusals,
  ...verdicts,
}
