// Passkeys, by the browser (Web Authentication). What is asked and what is
// answered goes through as the server and the browser write it.
import { body, client, type Me } from './api'

/** The browser knows passkeys, and speaks of them as the server does. */
export const canPasskey = (): boolean =>
  'PublicKeyCredential' in globalThis &&
  'parseCreationOptionsFromJSON' in PublicKeyCredential &&
  'parseRequestOptionsFromJSON' in PublicKeyCredential

/** The user did not finish it, or the device had nothing to offer. */
export class PasskeyCancelled extends Error {}

/** Makes a passkey and adds it to the account. The server may ask for a fresh sign-in first. */
export async function addPasskey(label: string): Promise<void> {
  const { options } = await body(client.POST('/api/v1/me/passkeys/challenge'))
  const wanted = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as PublicKeyCredentialCreationOptionsJSON,
  )
  const credential = await asked(() => navigator.credentials.create({ publicKey: wanted }))
  await client.POST('/api/v1/me/passkeys', { body: { label, credential } })
}

/** Signs in by a passkey; the device offers those that it has. */
export async function signInByPasskey(): Promise<Me> {
  const { options } = await body(client.POST('/api/v1/passkeys/challenge'))
  const wanted = PublicKeyCredential.parseRequestOptionsFromJSON(
    options as PublicKeyCredentialRequestOptionsJSON,
  )
  const credential = await asked(() => navigator.credentials.get({ publicKey: wanted }))
  return body(client.POST('/api/v1/sessions/passkey', { body: { credential } }))
}

/** What the browser answers, as JSON. Who gives up is not told why, by design. */
async function asked(ask: () => Promise<Credential | null>): Promise<unknown> {
  try {
    const answer = await ask()
    if (answer) return (answer as PublicKeyCredential).toJSON()
  } catch (err) {
    // The device has one of this account already.
    if (err instanceof DOMException && err.name === 'InvalidStateError')
      throw new PasskeyCancelled('InvalidStateError')
    if (!(err instanceof DOMException)) throw err
  }
  throw new PasskeyCancelled()
}
