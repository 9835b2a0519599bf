// What other pages say of webhooks; their own words are in hooks.ts.

import type { webhooks as english } from '../en/webhooks'

export const webhooks: typeof english = {
  webhooks: {
    title: 'Webhooks',
    acts: {
      'webhook.make': 'hat einen Webhook angelegt',
      'webhook.change': 'hat einen Webhook geändert',
      'webhook.remove': 'hat einen Webhook entfernt',
      'webhook.rotate': 'hat ein neues Geheimnis für einen Webhook erzeugt',
      'webhook.redeliver': 'hat ein Ereignis noch einmal an einen Webhook geschickt',
    },
  },
}
