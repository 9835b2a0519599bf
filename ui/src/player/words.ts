// Has media-chrome's controls speak the language of the pages. It is imported
// before they are: some read their words when they are defined.
import { addTranslation, setLanguage } from 'media-chrome/dist/utils/i18n.js'
import { spoken } from '../lib/language'
import { strings } from '../lib/strings'

addTranslation(spoken.language, strings.player.controls)
setLanguage(spoken.language)
