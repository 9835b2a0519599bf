// What other pages say of webhooks; their own words are in hooks.ts.

export const webhooks = {
  webhooks: {
    title: 'Webhooks',
    acts: {
      'webhook.make': 'made a webhook',
      'webhook.change': 'changed a webhook',
      'webhook.remove': 'removed a webhook',
      'webhook.rotate': 'made a new secret for a webhook',
      'webhook.redeliver': 'sent an event to a webhook again',
    },
  },
}
